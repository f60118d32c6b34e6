package shop.payment;

import java.time.Duration;
import java.util.List;

/**
 * The payment service provider (PSP). Every call may throw a {@link ProviderFailure}. Attempts
 * number the idempotency keys, because a PSP repeats a stored error under the same key.
 */
public interface PaymentProvider {

  /** False while it is known to serve nobody; calls would fail at once. */
  boolean isAvailable();

  /**
   * Makes an intent to charge what is due; charges nothing.
   *
   * @return the intent's id
   */
  String create(Due due, int attempt);

  /** Charges an intent. The answer is never {@link IntentState.Open}. */
  IntentState confirm(Intent intent, int attempt);

  /** What the PSP says of an intent. */
  IntentState find(Intent intent);

  /**
   * Ends an intent without a charge.
   *
   * @return what it is then: cancelled, or what it was before if that is too late
   */
  IntentState cancel(Intent intent);

  /** Gives money back, under the key of the refund's id and attempt. */
  RefundState refund(Intent intent, Refund refund);

  /** All refunds of an intent that the PSP has, those that somebody made by hand among them. */
  List<ProviderRefund> refunds(Intent intent);

  /** How long the PSP may work on a call from when it was made, even if nobody waits for it. */
  Duration longestCall();
}
