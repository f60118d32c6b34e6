package shop.gateway.concurrency;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import shop.balancing.ConcurrencyLimiter;
import shop.balancing.Priority;
import shop.common.problem.Problem;

/**
 * The adaptive concurrency limit of one service. A request is in flight until the service has sent
 * the headers of its response: slow readers, event streams and WebSockets do not occupy the limit.
 */
public final class ServiceConcurrency {

  private static final Logger log = LoggerFactory.getLogger(ServiceConcurrency.class);
  private static final long LOG_INTERVAL = TimeUnit.SECONDS.toNanos(10);

  private final String service;
  private final LongSupplier ticker;
  private final boolean enabled;
  private final ConcurrencyLimiter limiter;
  private final Map<Priority, LongAdder> shed = new EnumMap<>(Priority.class);
  private final AtomicLong nextLog;

  /**
   * A limit at its maximum.
   *
   * @param ticker nanoseconds, such as {@link System#nanoTime}
   */
  public ServiceConcurrency(String service, ConcurrencySettings settings, LongSupplier ticker) {
    this.service = service;
    this.ticker = ticker;
    this.enabled = settings.enabled();
    this.limiter = new ConcurrencyLimiter(settings.limiter(), ticker.getAsLong());
    for (var priority : Priority.values()) {
      shed.put(priority, new LongAdder());
    }
    this.nextLog = new AtomicLong(ticker.getAsLong());
  }

  /**
   * Lets a request through, which must end its slot. Its priority is looked up only if the service
   * is so busy that it matters.
   *
   * @throws Problem 503 if it is shed
   */
  public Slot acquire(ServerHttpRequest request, Priorities priorities) {
    if (!enabled) {
      return new Slot(true);
    }
    if (limiter.tryAcquire(Priority.LOW)) {
      return new Slot(false);
    }
    var priority = priorities.of(request);
    if (priority != Priority.LOW && limiter.tryAcquire(priority)) {
      return new Slot(false);
    }
    shed(priority).increment();
    warn();
    throw refusal(priority);
  }

  private LongAdder shed(Priority priority) {
    return Objects.requireNonNull(shed.get(priority));
  }

  private void warn() {
    long now = ticker.getAsLong();
    long next = nextLog.get();
    if (now - next >= 0 && nextLog.compareAndSet(next, now + LOG_INTERVAL)) {
      var status = limiter.status();
      log.warn(
          "Requests to {} are shed, low priority first: {} are in flight, the concurrency limit is {} and the response time without a queue about {} ms",
          service,
          status.inFlight(),
          status.limit(),
          status.unloaded().toMillis());
    }
  }

  private Problem refusal(Priority priority) {
    return Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "overloaded", "Service overloaded")
        .detail(
            "%s has more requests in progress than it can work on, so the gateway sheds those of %s priority (concurrency limit). The request was not sent and is safe to retry"
                .formatted(service, text(priority)))
        .retryAfter(
            switch (priority) {
              case LOW -> Duration.ofSeconds(5);
              case NORMAL -> Duration.ofSeconds(2);
              case HIGH -> Duration.ofSeconds(1);
            });
  }

  /** The priority in settings, metrics and messages. */
  public static String text(Priority priority) {
    return priority.name().toLowerCase(Locale.ROOT);
  }

  /** Requests of a priority that were shed. */
  public long shedOf(Priority priority) {
    return shed(priority).sum();
  }

  /** The limit and what is in flight of it; null if it is switched off. */
  public ConcurrencyLimiter.@Nullable Status status() {
    return enabled ? limiter.status() : null;
  }

  /** One request that is let through. The first call of a method ends it, others do nothing. */
  public final class Slot {
    private final long begunAt = ticker.getAsLong();
    private final AtomicBoolean ended;

    private Slot(boolean ended) {
      this.ended = new AtomicBoolean(ended);
    }

    /** The service has responded, other than by an error of its own. */
    public void responded() {
      if (ended.compareAndSet(false, true)) {
        long now = ticker.getAsLong();
        limiter.responded(now - begunAt, now);
        limiter.release();
      }
    }

    /** It has failed, or the client has left before. */
    public void notResponded() {
      if (ended.compareAndSet(false, true)) {
        long now = ticker.getAsLong();
        limiter.notResponded(now - begunAt, now);
        limiter.release();
      }
    }

    /** The response, such as a stream, has no time that says something about load. */
    public void release() {
      if (ended.compareAndSet(false, true)) {
        limiter.release();
      }
    }
  }
}
