package shop.payment;

/** The status of an order's payment. */
public enum PaymentStatus {
  /** An intent exists at the PSP; its result is not known yet. */
  STARTED,
  /** The customer was charged; refunds may follow. Final. */
  CAPTURED,
  /** The PSP declined the charge. Only a cancel may follow. */
  DECLINED,
  /** The customer was not charged and never will be. Final. */
  VOIDED;

  /** True if the status changes only on another request. */
  public boolean isFinal() {
    return this != STARTED;
  }
}
