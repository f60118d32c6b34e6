package shop.gateway.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.problem.Problem;

/**
 * The circuit breaker of one service (Nygard, "Release It!"), by resilience4j. Closed, it counts
 * how requests end. Open, it refuses all. Half-open, it lets exactly so many trial requests through
 * as are configured; it decides when all of them have ended. Response times do not count.
 */
public final class ServiceBreaker {

  private static final Logger log = LoggerFactory.getLogger(ServiceBreaker.class);

  private final String service;
  private final BreakerSettings settings;
  private final LongSupplier ticker;
  private final CircuitBreaker breaker;
  private final LongAdder refused = new LongAdder();
  private volatile long changedAt;

  /**
   * A closed circuit breaker.
   *
   * @param ticker nanoseconds, such as {@link System#nanoTime}
   */
  public ServiceBreaker(String service, BreakerSettings settings, LongSupplier ticker) {
    this.service = service;
    this.settings = settings;
    this.ticker = ticker;
    this.breaker = CircuitBreaker.of(service, config(settings, ticker));
    this.changedAt = ticker.getAsLong();
    breaker
        .getEventPublisher()
        .onStateTransition(event -> changed(event.getStateTransition().getToState()));
  }

  private static CircuitBreakerConfig config(BreakerSettings settings, LongSupplier ticker) {
    return CircuitBreakerConfig.custom()
        .failureRateThreshold(settings.failureRate())
        .slidingWindow(
            (int) settings.window().toSeconds(),
            settings.minimumCalls(),
            SlidingWindowType.TIME_BASED)
        .waitDurationInOpenState(settings.openFor())
        .permittedNumberOfCallsInHalfOpenState(settings.trials())
        .clock(new TickerClock(ticker))
        .currentTimestampFunction(_ -> ticker.getAsLong(), TimeUnit.NANOSECONDS)
        .build();
  }

  private void changed(State state) {
    changedAt = ticker.getAsLong();
    log.warn(
        "Circuit breaker of {} is {}: {}",
        service,
        name(state),
        switch (state) {
          case OPEN -> "its requests failed, and are refused for " + settings.openFor();
          case HALF_OPEN -> "up to " + settings.trials() + " trial requests are sent";
          default -> "its requests succeed";
        });
  }

  /** Lets a request through, which must end its permit; null if it is to be refused. */
  public @Nullable Permit tryAcquire() {
    if (breaker.tryAcquirePermission()) {
      return new Permit(breaker.getState());
    }
    refused.increment();
    return null;
  }

  /** What a refused request is answered with. */
  public Problem refusal() {
    var open = Duration.ofNanos(ticker.getAsLong() - changedAt);
    return Problem.unavailable(
        "The gateway sends no requests to "
            + service
            + " for a moment, because most of the recent ones failed (circuit breaker). The request"
            + " was not sent and is safe to retry",
        settings.openFor().minus(open).plusMillis(999));
  }

  /** Requests that were refused. */
  public double refused() {
    return refused.sum();
  }

  /** 0 closed, 1 half-open, 2 open. */
  public int level() {
    return switch (breaker.getState()) {
      case OPEN, FORCED_OPEN -> 2;
      case HALF_OPEN -> 1;
      case CLOSED, DISABLED, METRICS_ONLY -> 0;
    };
  }

  /** What operators see. */
  public Status status() {
    return new Status(name(breaker.getState()), Duration.ofNanos(ticker.getAsLong() - changedAt));
  }

  private static String name(State state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The state of a circuit breaker.
   *
   * @param state {@code closed}, {@code open} or {@code half-open}
   * @param since how long it has been so
   */
  public record Status(String state, Duration since) {}

  /** One request that is let through. The first call of a method ends it, others do nothing. */
  public final class Permit {
    private final State acquiredIn;
    private final AtomicBoolean ended = new AtomicBoolean();

    private Permit(State acquiredIn) {
      this.acquiredIn = acquiredIn;
    }

    /** The service has responded. */
    public void succeeded() {
      if (ends()) {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      }
    }

    /** The service has failed. */
    public void failed() {
      if (ends()) {
        breaker.onError(0, TimeUnit.NANOSECONDS, new RequestFailed());
      }
    }

    /** The end says nothing about the service; another trial request may take its place. */
    public void release() {
      if (ends()) {
        breaker.releasePermission();
      }
    }

    /** Requests from before the breaker opened say nothing about the trials. */
    private boolean ends() {
      return ended.compareAndSet(false, true) && breaker.getState() == acquiredIn;
    }
  }

  /** Without a stack trace: resilience4j wants an exception for each failure. */
  private static final class RequestFailed extends RuntimeException {
    RequestFailed() {
      super("The request failed", null, false, false);
    }
  }
}
