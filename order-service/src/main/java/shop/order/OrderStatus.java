package shop.order;

/** Where an order stands. */
public enum OrderStatus {
  /** Accepted; the payment is not decided yet. */
  PLACED,
  /** Paid; to be shipped. */
  CONFIRMED,
  /** The payment was declined; nothing was charged, the stock is free again. */
  PAYMENT_FAILED,
  /** To be cancelled; payment-service voids the payment or gives the money back. */
  CANCELLING,
  /** Cancelled; nothing was charged. */
  CANCELLED,
  /** Handed to a carrier. */
  SHIPPED,
  /** Arrived. */
  DELIVERED,
  /** All the money was given back. */
  REFUNDED;

  /** True once nothing more has to happen by itself. */
  public boolean isSettled() {
    return this != PLACED && this != CANCELLING;
  }
}
