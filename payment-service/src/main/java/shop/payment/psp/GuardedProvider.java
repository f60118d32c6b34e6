package shop.payment.psp;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.payment.Due;
import shop.payment.Intent;
import shop.payment.IntentState;
import shop.payment.PaymentProvider;
import shop.payment.ProviderFailure;
import shop.payment.ProviderFailure.Busy;
import shop.payment.ProviderFailure.Down;
import shop.payment.ProviderFailure.NoRefunds;
import shop.payment.ProviderFailure.Refused;
import shop.payment.ProviderFailure.Spent;
import shop.payment.ProviderFailure.Unanswered;
import shop.payment.ProviderRefund;
import shop.payment.Refund;
import shop.payment.RefundState;

/**
 * The PSP behind circuit breakers that count outages only. A call that fails for its order alone
 * (the PSP still answers a question, and other orders) stays that order's failure; one that fails
 * because the PSP serves nobody becomes {@link Down}, counts against the breaker, and costs the
 * order nothing.
 */
final class GuardedProvider implements PaymentProvider {

  private static final Logger log = LoggerFactory.getLogger(GuardedProvider.class);

  private final StripePayments stripe;
  private final CircuitBreaker charging;
  private final Duration longestCall;
  private final Kind creates;
  private final Kind confirms;
  private final Kind cancels;
  private final Kind refunds;
  private final Kind questions;

  /** Calls of one kind: those that failed of late, and the breaker that lets them through. */
  private record Kind(DistinctFailures suspects, CircuitBreaker breaker) {}

  /**
   * A guard of its two breakers.
   *
   * @param charging lets all through but refunds
   * @param refunding lets refunds through: while they fail for all, others are charged
   */
  GuardedProvider(
      StripePayments stripe,
      CircuitBreaker charging,
      CircuitBreaker refunding,
      PspSettings settings) {
    this.stripe = stripe;
    this.charging = charging;
    this.longestCall = settings.readTimeout().plus(settings.lateWork());
    int suspects = settings.suspects();
    this.creates = new Kind(new DistinctFailures(suspects), charging);
    this.confirms = new Kind(new DistinctFailures(suspects), charging);
    this.cancels = new Kind(new DistinctFailures(suspects), charging);
    this.refunds = new Kind(new DistinctFailures(suspects), refunding);
    this.questions = new Kind(new DistinctFailures(suspects), charging);
    Stream.of(charging, refunding)
        .forEach(breaker ->
            breaker
                .getEventPublisher()
                .onStateTransition(event ->
                    log.warn(
                        "Circuit breaker {}: {}", breaker.getName(), event.getStateTransition())));
  }

  @Override
  public boolean isAvailable() {
    return switch (charging.getState()) {
      case OPEN, FORCED_OPEN -> false;
      case HALF_OPEN -> takesOneMore();
      case CLOSED, DISABLED, METRICS_ONLY -> true;
    };
  }

  /** A half-open breaker lets few calls through; thousands of orders that wait need not ask it. */
  private boolean takesOneMore() {
    boolean takes = charging.tryAcquirePermission();
    if (takes) {
      charging.releasePermission();
    }
    return takes;
  }

  @Override
  public String create(Due due, int attempt) {
    return call(creates, due.orderId(), () -> stripe.create(due, attempt));
  }

  @Override
  public IntentState confirm(Intent intent, int attempt) {
    return call(confirms, intent.orderId(), () -> stripe.confirm(intent, attempt));
  }

  @Override
  public IntentState find(Intent intent) {
    return call(questions, intent.orderId(), () -> stripe.find(intent));
  }

  @Override
  public IntentState cancel(Intent intent) {
    return call(cancels, intent.orderId(), () -> stripe.cancel(intent));
  }

  @Override
  public RefundState refund(Intent intent, Refund refund) {
    return call(refunds, intent.orderId(), () -> stripe.refund(intent, refund));
  }

  @Override
  public List<ProviderRefund> refunds(Intent intent) {
    return call(questions, intent.orderId(), () -> stripe.refunds(intent));
  }

  @Override
  public Duration longestCall() {
    return longestCall;
  }

  private <T> T call(Kind kind, UUID orderId, Supplier<T> call) {
    var breaker = kind.breaker();
    if (!breaker.tryAcquirePermission()) {
      throw outage(kind, "The circuit breaker lets no call through", null);
    }
    long start = breaker.getCurrentTimestamp();
    try {
      T answer = call.get();
      answered(kind, start);
      return answer;
    } catch (ProviderFailure e) {
      throw judged(e, kind, orderId, start);
    } catch (Throwable e) {
      breaker.releasePermission();
      throw e;
    }
  }

  private ProviderFailure judged(ProviderFailure failure, Kind kind, UUID orderId, long start) {
    var breaker = kind.breaker();
    return switch (failure) {
      case Refused _ -> {
        answered(kind, start);
        yield failure;
      }
      case Spent _ -> {
        // An old error that is told again: it says nothing of how the PSP is now.
        breaker.releasePermission();
        yield failure;
      }
      case Busy _ -> {
        breaker.releasePermission();
        yield isOutage(kind, orderId) ? outage(kind, failure) : failure;
      }
      case Unanswered _ -> {
        if (isOutage(kind, orderId)) {
          breaker.onError(elapsed(breaker, start), breaker.getTimestampUnit(), failure);
          log.info("Counts as an outage of the PSP: {}", failure.getMessage());
          yield outage(kind, failure);
        }
        breaker.releasePermission();
        yield failure;
      }
      case Down _, NoRefunds _ -> {
        breaker.onError(elapsed(breaker, start), breaker.getTimestampUnit(), failure);
        log.error("Payments stand still. {}", failure.getMessage());
        yield failure;
      }
    };
  }

  /** Questions are answered even while charges fail, so they do not count as recovery. */
  private void answered(Kind kind, long start) {
    var breaker = kind.breaker();
    kind.suspects().answered();
    if (kind.equals(questions)) {
      breaker.releasePermission();
    } else {
      breaker.onSuccess(elapsed(breaker, start), breaker.getTimestampUnit());
    }
  }

  private boolean isOutage(Kind kind, UUID orderId) {
    return kind.suspects().failed(orderId) || !stripe.isAnswering();
  }

  private static long elapsed(CircuitBreaker breaker, long start) {
    return breaker.getCurrentTimestamp() - start;
  }

  private ProviderFailure outage(Kind kind, ProviderFailure failure) {
    return outage(kind, String.valueOf(failure.getMessage()), failure);
  }

  private ProviderFailure outage(Kind kind, String message, @Nullable Throwable cause) {
    return kind.equals(refunds) ? new NoRefunds(message, cause) : new Down(message, cause);
  }
}
