package shop.payment;

/** How far the payment of an order has got. */
public enum PaymentStatus {
  /** An intent exists at the PSP; whether it will be charged is open. */
  STARTED,
  /** The customer was charged; refunds may follow. Final. */
  CAPTURED,
  /** The PSP declined; nothing was charged. Only a cancel may follow. */
  DECLINED,
  /** Nothing was charged and nothing will be. Final. */
  VOIDED;

  /** True if nothing more will happen by itself. */
  public boolean isFinal() {
    return this != STARTED;
  }
}
