package shop.order;

/** Where an order stands. */
public enum OrderStatus {
  /** Accepted; the payment is not decided yet. */
  PLACED,
  /** Paid; to be shipped. */
  CONFIRMED,
  /** The payment was declined; nothing was charged, the stock is free again. */
  PAYMENT_FAILED
}
