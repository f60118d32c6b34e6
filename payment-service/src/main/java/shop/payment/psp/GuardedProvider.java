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
import shop.payment.Intent;
import shop.payment.IntentCreation;
import shop.payment.IntentState;
import shop.payment.PaymentProvider;
import shop.payment.PaymentTask;
import shop.payment.ProviderFailure;
import shop.payment.ProviderFailure.OutcomeUnknown;
import shop.payment.ProviderFailure.RefundsUnavailable;
import shop.payment.ProviderFailure.Rejected;
import shop.payment.ProviderFailure.ReplayedError;
import shop.payment.ProviderFailure.RetryLater;
import shop.payment.ProviderFailure.Throttled;
import shop.payment.ProviderFailure.Unavailable;
import shop.payment.ProviderRefund;
import shop.payment.Refund;
import shop.payment.RefundState;

/**
 * The PSP behind circuit breakers that count outages only. If a call fails while the PSP responds
 * to a retrieve call and to other orders, the failure is that of the order. Otherwise it becomes
 * {@link Unavailable}, which the breaker counts and the order's limit of attempts does not.
 */
final class GuardedProvider implements PaymentProvider {

  private static final Logger log = LoggerFactory.getLogger(GuardedProvider.class);

  private final StripePayments stripe;
  private final CircuitBreaker chargeBreaker;
  private final Duration maxCallDuration;
  private final CallKind createCalls;
  private final CallKind confirmCalls;
  private final CallKind cancelCalls;
  private final CallKind refundCalls;
  private final CallKind readCalls;

  /** The recent failures of one kind of calls, and the circuit breaker that permits them. */
  private record CallKind(DistinctFailures failures, CircuitBreaker breaker) {}

  /**
   * Creates a provider with two circuit breakers, so that orders are charged while refunds fail.
   *
   * @param chargeBreaker of all calls except refunds
   * @param refundBreaker of refunds
   */
  GuardedProvider(
      StripePayments stripe,
      CircuitBreaker chargeBreaker,
      CircuitBreaker refundBreaker,
      PspSettings settings) {
    this.stripe = stripe;
    this.chargeBreaker = chargeBreaker;
    this.maxCallDuration = settings.readTimeout().plus(settings.completionGrace());
    int threshold = settings.outageThreshold();
    this.createCalls = new CallKind(new DistinctFailures(threshold), chargeBreaker);
    this.confirmCalls = new CallKind(new DistinctFailures(threshold), chargeBreaker);
    this.cancelCalls = new CallKind(new DistinctFailures(threshold), chargeBreaker);
    this.refundCalls = new CallKind(new DistinctFailures(threshold), refundBreaker);
    this.readCalls = new CallKind(new DistinctFailures(threshold), chargeBreaker);
    Stream.of(chargeBreaker, refundBreaker)
        .forEach(breaker ->
            breaker
                .getEventPublisher()
                .onStateTransition(event ->
                    log.warn(
                        "Circuit breaker {} changed its state: {}",
                        breaker.getName(),
                        event.getStateTransition())));
  }

  @Override
  public boolean isAvailable() {
    return switch (chargeBreaker.getState()) {
      case OPEN, FORCED_OPEN -> false;
      case HALF_OPEN -> hasHalfOpenPermit();
      case CLOSED, DISABLED, METRICS_ONLY -> true;
    };
  }

  /** A half-open breaker permits few calls; without this check all waiting orders would try. */
  private boolean hasHalfOpenPermit() {
    boolean permitted = chargeBreaker.tryAcquirePermission();
    if (permitted) {
      chargeBreaker.releasePermission();
    }
    return permitted;
  }

  @Override
  public IntentCreation create(PaymentTask.Pay task, int attempt) {
    return call(createCalls, task.orderId(), () -> stripe.create(task, attempt));
  }

  @Override
  public IntentState confirm(Intent intent, int attempt) {
    return call(confirmCalls, intent.orderId(), () -> stripe.confirm(intent, attempt));
  }

  @Override
  public IntentState find(Intent intent) {
    return call(readCalls, intent.orderId(), () -> stripe.find(intent));
  }

  @Override
  public IntentState cancel(Intent intent) {
    return call(cancelCalls, intent.orderId(), () -> stripe.cancel(intent));
  }

  @Override
  public RefundState refund(Intent intent, Refund refund) {
    return call(refundCalls, intent.orderId(), () -> stripe.refund(intent, refund));
  }

  @Override
  public List<ProviderRefund> refunds(Intent intent) {
    return call(readCalls, intent.orderId(), () -> stripe.refunds(intent));
  }

  @Override
  public Duration maxCallDuration() {
    return maxCallDuration;
  }

  private <T> T call(CallKind kind, UUID orderId, Supplier<T> call) {
    var breaker = kind.breaker();
    if (!breaker.tryAcquirePermission()) {
      throw outage(kind, "The circuit breaker permits no call", null);
    }
    long start = breaker.getCurrentTimestamp();
    try {
      T result = call.get();
      succeeded(kind, start);
      return result;
    } catch (ProviderFailure e) {
      throw classify(e, kind, orderId, start);
    } catch (Throwable e) {
      breaker.releasePermission();
      throw e;
    }
  }

  private ProviderFailure classify(
      ProviderFailure failure, CallKind kind, UUID orderId, long start) {
    var breaker = kind.breaker();
    return switch (failure) {
      case Rejected _ -> {
        succeeded(kind, start);
        yield failure;
      }
      case ReplayedError _ -> {
        // A replayed error says nothing about the present state of the PSP.
        breaker.releasePermission();
        yield failure;
      }
      case Throttled _ -> {
        // It says that there are too many calls, so it is no outage, and no probe is sent.
        breaker.releasePermission();
        yield failure;
      }
      case RetryLater _ -> {
        breaker.releasePermission();
        yield isOutage(kind, orderId) ? outage(kind, failure) : failure;
      }
      case OutcomeUnknown _ -> {
        if (isOutage(kind, orderId)) {
          breaker.onError(elapsed(breaker, start), breaker.getTimestampUnit(), failure);
          log.info(
              "The circuit breaker counts a failed call as an outage: {}", failure.getMessage());
          yield outage(kind, failure);
        }
        breaker.releasePermission();
        yield failure;
      }
      case Unavailable _, RefundsUnavailable _ -> {
        breaker.onError(elapsed(breaker, start), breaker.getTimestampUnit(), failure);
        log.error(
            "{} are stopped until the payment provider accepts our calls: {}",
            kind.equals(refundCalls) ? "Refunds" : "Payments",
            failure.getMessage());
        yield outage(kind, failure);
      }
    };
  }

  /** Read calls may succeed while charges fail, so the breaker does not count their successes. */
  private void succeeded(CallKind kind, long start) {
    var breaker = kind.breaker();
    kind.failures().reset();
    if (kind.equals(readCalls)) {
      breaker.releasePermission();
    } else {
      breaker.onSuccess(elapsed(breaker, start), breaker.getTimestampUnit());
    }
  }

  private boolean isOutage(CallKind kind, UUID orderId) {
    return kind.failures().add(orderId) || !stripe.isResponsive();
  }

  private static long elapsed(CircuitBreaker breaker, long start) {
    return breaker.getCurrentTimestamp() - start;
  }

  private ProviderFailure outage(CallKind kind, ProviderFailure failure) {
    return outage(kind, String.valueOf(failure.getMessage()), failure);
  }

  private ProviderFailure outage(CallKind kind, String message, @Nullable Throwable cause) {
    return kind.equals(refundCalls)
        ? new RefundsUnavailable(message, cause)
        : new Unavailable(message, cause);
  }
}
