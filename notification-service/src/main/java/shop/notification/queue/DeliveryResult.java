package shop.notification.queue;

import shop.notification.Delivery;

/** The result of an attempt to send a delivery. */
sealed interface DeliveryResult {

  /**
   * The delivery was sent, by this attempt or, if the message is a duplicate, by an earlier one.
   */
  record Sent(Delivery delivery) implements DeliveryResult {}

  /** The deadline had passed; the delivery was not sent. */
  record Expired(Delivery delivery) implements DeliveryResult {}

  /** The attempt failed; a retry may succeed. */
  record Retryable(RuntimeException cause) implements DeliveryResult {}

  /** The attempt failed; no retry can succeed. */
  record NonRetryable(RuntimeException cause) implements DeliveryResult {}

  /** There was no attempt, because a lookup was not possible. */
  record Deferred(RuntimeException cause) implements DeliveryResult {}

  /** Another worker is sending the same delivery. */
  record InProgress() implements DeliveryResult {}
}
