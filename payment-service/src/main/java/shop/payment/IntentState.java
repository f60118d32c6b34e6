package shop.payment;

/** What the PSP says of an intent. An intent is charged at most once in its life. */
public sealed interface IntentState {

  /** It can be confirmed; nothing is charged yet. */
  record Open() implements IntentState {}

  /** It was confirmed, and the result will come (bank debits). */
  record Processing() implements IntentState {}

  /** The customer was charged. */
  record Succeeded() implements IntentState {}

  /**
   * It ended without a charge.
   *
   * @param reason the PSP's code of why
   */
  record Declined(String reason) implements IntentState {}
}
