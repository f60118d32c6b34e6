package shop.order.store;

import java.util.List;
import org.jspecify.annotations.Nullable;
import shop.common.json.Json;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.OrderSummary;
import shop.order.redis.Keys;

/**
 * An order that is withheld, or its end: one change of a {@link PartitionBatch}. Both contain the
 * whole order, so the end suffices if the beginning is missing.
 *
 * @param created when it was placed, in milliseconds since 1970
 * @param reason why it is cancelled; null if it is not
 */
record WithheldChange(
    OrderId id, OrderSummary summary, long created, OrderStatus status, @Nullable String reason)
    implements PartitionBatch.Change {

  static WithheldChange begin(OrderId id, OrderSummary summary) {
    return new WithheldChange(
        id, summary, summary.createdAt().toEpochMilli(), OrderStatus.PLACED, null);
  }

  static WithheldChange end(OrderId id, OrderSummary summary, String reason) {
    return new WithheldChange(
        id, summary, summary.createdAt().toEpochMilli(), OrderStatus.CANCELLED, reason);
  }

  @Override
  public void write(List<String> keys, List<Object> arguments) {
    keys.addAll(List.of(Keys.order(id), Keys.reservation(id)));
    arguments.add("withheld");
    arguments.add(id);
    arguments.add(summary.customerId());
    arguments.add(created);
    arguments.add(summary.fingerprint());
    arguments.add(Json.bytes(summary));
    arguments.add(status.name());
    arguments.add(reason == null ? "" : reason);
    arguments.add(2 * summary.items().size());
    for (var item : summary.items()) {
      arguments.add(item.sku());
      arguments.add(item.quantity());
    }
  }
}
