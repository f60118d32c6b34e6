package shop.payment;

import java.util.UUID;
import shop.common.money.Money;

/** What an order event requires of this service: a payment, a cancellation or a refund. */
public sealed interface PaymentTask {

  UUID orderId();

  UUID customerId();

  /**
   * Charge the customer for an order.
   *
   * @param paymentMethod the PSP's id of the payment method, such as {@code pm_card_visa}
   */
  record Pay(UUID orderId, UUID customerId, Money amount, String paymentMethod)
      implements PaymentTask {}

  /** The order is cancelled: do not charge it, or refund the remainder of the charge. */
  record Cancel(UUID orderId, UUID customerId) implements PaymentTask {}

  /**
   * Refund the charge or a part of it.
   *
   * @param refundId the same for every attempt
   */
  record Refund(UUID orderId, UUID customerId, UUID refundId, Money amount)
      implements PaymentTask {}
}
