package shop.payment;

/** The result of a request to create an intent. */
public sealed interface IntentCreation {

  /**
   * The intent exists and is not charged yet.
   *
   * @param intentId the PSP's id, {@code pi_…}
   */
  record Created(String intentId) implements IntentCreation {}

  /**
   * There is no intent, because the PSP does not accept the payment method or the amount.
   *
   * @param reason the PSP's error code
   */
  record Declined(String reason) implements IntentCreation {}
}
