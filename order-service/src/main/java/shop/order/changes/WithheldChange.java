package shop.order.changes;

import org.jspecify.annotations.Nullable;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.OrderSummary;

/**
 * An order that is withheld, or its end. Both contain the whole order, so the end suffices if the
 * beginning is missing.
 *
 * @param created when it was placed, in milliseconds since 1970
 * @param status PLACED, or CANCELLED at its end
 * @param reason why it is cancelled; null if it is not
 */
public record WithheldChange(
    OrderId id, OrderSummary summary, long created, OrderStatus status, @Nullable String reason)
    implements Change {

  static WithheldChange begin(OrderId id, OrderSummary summary) {
    return new WithheldChange(
        id, summary, summary.createdAt().toEpochMilli(), OrderStatus.PLACED, null);
  }

  static WithheldChange end(OrderId id, OrderSummary summary, String reason) {
    return new WithheldChange(
        id, summary, summary.createdAt().toEpochMilli(), OrderStatus.CANCELLED, reason);
  }
}
