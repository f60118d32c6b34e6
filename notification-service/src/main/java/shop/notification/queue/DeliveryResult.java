package shop.notification.queue;

import shop.notification.Delivery;

/** What an attempt came to. */
sealed interface DeliveryResult {

  /** It went out, now or, if this message is a duplicate, before. */
  record Sent(Delivery delivery) implements DeliveryResult {}

  /** Its time had passed; it was not sent. */
  record Expired(Delivery delivery) implements DeliveryResult {}

  /** It may succeed later. */
  record Failed(RuntimeException cause) implements DeliveryResult {}

  /** It will never succeed. */
  record Hopeless(RuntimeException cause) implements DeliveryResult {}

  /** Another worker is sending the same delivery. */
  record Busy() implements DeliveryResult {}
}
