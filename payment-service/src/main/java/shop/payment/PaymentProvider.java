package shop.payment;

import java.time.Duration;
import java.util.List;

/**
 * The payment service provider (PSP). Every call may throw a {@link ProviderFailure}. The attempt's
 * number is part of the idempotency key, because a PSP repeats a stored error under the same key.
 */
public interface PaymentProvider {

  /** False while the PSP is known to be unavailable; calls would fail at once. */
  boolean isAvailable();

  /**
   * Creates an intent without charging it. What a customer did wrong, such as an unknown payment
   * method, is a decline.
   */
  IntentCreation create(PaymentTask.Pay task, int attempt);

  /**
   * Confirms an intent, which charges it. The result is never {@link IntentState.Open}: an intent
   * whose payment method or amount the PSP does not accept any more is cancelled and declined.
   */
  IntentState confirm(Intent intent, int attempt);

  /** Retrieves the state of an intent. */
  IntentState find(Intent intent);

  /**
   * Cancels an intent.
   *
   * @return its state after the call: cancelled, or its final state if it could not be cancelled
   */
  IntentState cancel(Intent intent);

  /** Requests a refund; the idempotency key is made of its id and attempt. */
  RefundState refund(Intent intent, Refund refund);

  /** Lists all refunds of an intent at the PSP, including those made by hand. */
  List<ProviderRefund> refunds(Intent intent);

  /** How long the PSP may process a call from its start, also after our timeout. */
  Duration maxCallDuration();
}
