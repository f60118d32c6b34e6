package shop.payment;

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
  IntentState confirm(Payment payment, int attempt);

  /** What the PSP says of an intent. */
  IntentState find(Payment payment);
}
