package shop.payment;

/** What the PSP says of a refund. */
public sealed interface RefundState {

  /**
   * The customer has the money back.
   *
   * @param id the PSP's
   */
  record Succeeded(String id) implements RefundState {}

  /** It was made, and its end will come. */
  record Pending() implements RefundState {}

  /**
   * It was made and came to nothing.
   *
   * @param reason the PSP's code of why
   */
  record Failed(String reason) implements RefundState {}

  /**
   * The PSP understands what is asked and will not do it: nothing was given back by this call.
   *
   * @param reason the PSP's code of why
   */
  record Refused(String reason) implements RefundState {}
}
