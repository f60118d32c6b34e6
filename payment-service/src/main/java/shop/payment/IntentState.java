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
   * The attempt to charge was refused; the intent can no longer be confirmed.
   *
   * @param reason the PSP's code of why
   */
  record Declined(String reason) implements IntentState {}

  /** It was cancelled: nothing was charged and nothing ever will be. */
  record Canceled() implements IntentState {}
}
