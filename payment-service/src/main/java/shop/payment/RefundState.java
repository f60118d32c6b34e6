package shop.payment;

/** The state of a refund at the PSP. */
public sealed interface RefundState {

  /**
   * The amount was refunded.
   *
   * @param id the PSP's id of the refund
   */
  record Succeeded(String id) implements RefundState {}

  /** It was created, and its result is pending. */
  record Pending() implements RefundState {}

  /**
   * It was created and failed.
   *
   * @param reason the PSP's failure code
   */
  record Failed(String reason) implements RefundState {}

  /**
   * The PSP rejected the request: this call created no refund.
   *
   * @param reason the PSP's error code
   */
  record Rejected(String reason) implements RefundState {}
}
