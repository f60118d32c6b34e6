package shop.order;

/** The status of an order. */
public enum OrderStatus {
  /** Accepted; the payment is neither captured nor declined yet. */
  PLACED,
  /** Paid; ready to be shipped. */
  CONFIRMED,
  /** The payment was declined; nothing was charged, and the reserved stock was released. */
  PAYMENT_FAILED,
  /** Being cancelled: payment-service voids or refunds the payment. */
  CANCELLING,
  /** Cancelled; nothing was charged. */
  CANCELLED,
  /** Handed to a carrier. */
  SHIPPED,
  /** Delivered to the customer. */
  DELIVERED,
  /** Was fully refunded; if one of the refunds has failed after that, its amount is owed again. */
  REFUNDED;

  /** True if the order has ended as far as anyone can tell, and holds no pieces. */
  public boolean hasEnded() {
    return switch (this) {
      case SHIPPED, DELIVERED, PAYMENT_FAILED, CANCELLED, REFUNDED -> true;
      case PLACED, CONFIRMED, CANCELLING -> false;
    };
  }

  /** True if the order waits for nothing from payment-service. */
  public boolean isSettled() {
    return this != PLACED && this != CANCELLING;
  }
}
