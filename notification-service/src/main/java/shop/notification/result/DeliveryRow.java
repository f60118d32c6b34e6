package shop.notification.result;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The result of a delivery.
 *
 * @param attempts null if it expired
 * @param sent false if it expired
 */
record DeliveryRow(
    UUID id,
    UUID orderId,
    long orderSequence,
    String channel,
    String template,
    @Nullable Integer attempts,
    boolean sent,
    Instant at) {

  /** The result that counts of two of the same delivery: one that was sent, else the first. */
  static DeliveryRow first(DeliveryRow one, DeliveryRow later) {
    return !one.sent && later.sent ? later : one;
  }
}
