package shop.payment;

/** The state of an intent at the PSP. An intent is charged at most once. */
public sealed interface IntentState {

  /** It can be confirmed; the customer is not charged yet. */
  record Open() implements IntentState {}

  /** It was confirmed, and the result is pending (bank debits). */
  record Processing() implements IntentState {}

  /** The customer was charged. */
  record Succeeded() implements IntentState {}

  /**
   * The charge was declined; the intent can no longer be confirmed.
   *
   * @param reason the PSP's decline code
   */
  record Declined(String reason) implements IntentState {}

  /** It was cancelled: the customer was not charged and never will be. */
  record Canceled() implements IntentState {}
}
