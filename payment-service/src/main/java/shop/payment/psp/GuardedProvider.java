package shop.payment.psp;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.payment.Due;
import shop.payment.Intent;
import shop.payment.IntentState;
import shop.payment.MadeRefund;
import shop.payment.PaymentProvider;
import shop.payment.ProviderFailure;
import shop.payment.ProviderFailure.Busy;
import shop.payment.ProviderFailure.Down;
import shop.payment.ProviderFailure.Refused;
import shop.payment.ProviderFailure.Spent;
import shop.payment.ProviderFailure.Unanswered;
import shop.payment.Refund;
import shop.payment.RefundState;

/**
 * The PSP behind a circuit breaker that counts outages only. A call that fails for its order alone
 * (the PSP still answers a question, and other orders) stays that order's failure; one that fails
 * because the PSP serves nobody becomes {@link Down}, counts against the breaker, and costs the
 * order nothing.
 */
final class GuardedProvider implements PaymentProvider {

  private static final Logger log = LoggerFactory.getLogger(GuardedProvider.class);

  private final StripeProvider stripe;
  private final CircuitBreaker breaker;
  private final Duration longestCall;
  private final Suspects creates;
  private final Suspects confirms;
  private final Suspects cancels;
  private final Suspects refunds;
  private final Suspects questions;

  GuardedProvider(StripeProvider stripe, CircuitBreaker breaker, PspSettings settings) {
    this.stripe = stripe;
    this.breaker = breaker;
    this.longestCall = settings.readTimeout().plus(settings.lateWork());
    int suspects = settings.suspects();
    this.creates = new Suspects(suspects);
    this.confirms = new Suspects(suspects);
    this.cancels = new Suspects(suspects);
    this.refunds = new Suspects(suspects);
    this.questions = new Suspects(suspects);
    breaker
        .getEventPublisher()
        .onStateTransition(
            event -> log.warn("Circuit breaker of the PSP: {}", event.getStateTransition()));
  }

  @Override
  public boolean isAvailable() {
    return switch (breaker.getState()) {
      case OPEN, FORCED_OPEN -> false;
      case HALF_OPEN -> takesOneMore();
      case CLOSED, DISABLED, METRICS_ONLY -> true;
    };
  }

  /** A half-open breaker lets few calls through; thousands of orders that wait need not ask it. */
  private boolean takesOneMore() {
    boolean takes = breaker.tryAcquirePermission();
    if (takes) {
      breaker.releasePermission();
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
  public List<MadeRefund> refunds(Intent intent) {
    return call(questions, intent.orderId(), () -> stripe.refunds(intent));
  }

  @Override
  public Duration longestCall() {
    return longestCall;
  }

  private <T> T call(Suspects suspects, UUID orderId, Supplier<T> call) {
    if (!breaker.tryAcquirePermission()) {
      throw new Down("The circuit breaker lets no call through", null);
    }
    long start = breaker.getCurrentTimestamp();
    try {
      T answer = call.get();
      answered(suspects, start);
      return answer;
    } catch (ProviderFailure e) {
      throw judged(e, suspects, orderId, start);
    } catch (Throwable e) {
      breaker.releasePermission();
      throw e;
    }
  }

  private ProviderFailure judged(
      ProviderFailure failure, Suspects suspects, UUID orderId, long start) {
    return switch (failure) {
      case Refused _ -> {
        answered(suspects, start);
        yield failure;
      }
      case Spent _ -> {
        // An old error that is told again: it says nothing of how the PSP is now.
        breaker.releasePermission();
        yield failure;
      }
      case Busy _ -> {
        breaker.releasePermission();
        yield isOutage(suspects, orderId) ? down(failure) : failure;
      }
      case Unanswered _ -> {
        if (isOutage(suspects, orderId)) {
          breaker.onError(elapsed(start), breaker.getTimestampUnit(), failure);
          log.info("Counts as an outage of the PSP: {}", failure.getMessage());
          yield down(failure);
        }
        breaker.releasePermission();
        yield failure;
      }
      case Down _ -> {
        breaker.onError(elapsed(start), breaker.getTimestampUnit(), failure);
        log.error("Payments stand still. {}", failure.getMessage());
        yield failure;
      }
    };
  }

  /** Questions are answered even while charges fail, so they do not count as recovery. */
  private void answered(Suspects suspects, long start) {
    suspects.answered();
    if (suspects == questions) {
      breaker.releasePermission();
    } else {
      breaker.onSuccess(elapsed(start), breaker.getTimestampUnit());
    }
  }

  private boolean isOutage(Suspects suspects, UUID orderId) {
    return suspects.failed(orderId) || !stripe.isAnswering();
  }

  private long elapsed(long start) {
    return breaker.getCurrentTimestamp() - start;
  }

  private static Down down(ProviderFailure failure) {
    return new Down(String.valueOf(failure.getMessage()), failure);
  }
}
