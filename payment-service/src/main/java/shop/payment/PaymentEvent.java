package shop.payment;

import java.util.UUID;
import shop.common.money.Money;

/** What happened to the payment of an order; the data of the events on {@code payments}. */
public sealed interface PaymentEvent {

  /** Whose order it is. */
  UUID customerId();

  /** The PSP's payment intent. */
  String paymentIntentId();

  Money amount();

  /**
   * An intent exists; nothing is charged yet.
   *
   * @param attempt which try to pay the order made it, from 1
   */
  record Started(UUID customerId, String paymentIntentId, int attempt, Money amount)
      implements PaymentEvent {}

  /** The customer was charged. */
  record Captured(UUID customerId, String paymentIntentId, Money amount) implements PaymentEvent {}

  /**
   * The PSP declined; nothing was charged.
   *
   * @param reason the PSP's code of why, such as {@code insufficient_funds}
   */
  record Declined(UUID customerId, String paymentIntentId, Money amount, String reason)
      implements PaymentEvent {}
}
