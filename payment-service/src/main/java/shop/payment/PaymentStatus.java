package shop.payment;

/** How far the payment of an order has got. */
public enum PaymentStatus {
  /** An intent exists at the PSP; whether it will be charged is open. */
  STARTED,
  /** The customer was charged. Final. */
  CAPTURED,
  /** The PSP declined; nothing was charged. Final. */
  DECLINED;

  /** True if nothing more will happen by itself. */
  public boolean isFinal() {
    return this != STARTED;
  }
}
