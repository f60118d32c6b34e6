package shop.notification.queue;

import shop.notification.Delivery;

/** What an attempt came to. */
sealed interface Outcome {

  /** It went out, now or, if this message is a duplicate, before. */
  record Sent(Delivery delivery) implements Outcome {}

  /** Its time had passed; it was not sent. */
  record Expired(Delivery delivery) implements Outcome {}

  /** It may succeed later. */
  record Failed(RuntimeException cause) implements Outcome {}

  /** It will never succeed. */
  record Hopeless(RuntimeException cause) implements Outcome {}

  /** Another worker is sending the same delivery. */
  record Busy() implements Outcome {}
}
