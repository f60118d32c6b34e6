package shop.order.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import shop.common.json.Json;
import shop.order.Order;
import shop.order.OrderLine;
import shop.order.changes.LogChanges;
import shop.order.changes.OrderChange;
import shop.order.changes.StockChange;
import shop.order.changes.WithheldChange;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.redis.Script;

/**
 * Consecutive records of one partition of the log, applied to Redis in one step: all of them or
 * nothing, and only if Redis is at their first offset.
 */
public final class PartitionBatch {

  private final Redis redis;
  private final String partition;
  private final long begin;
  private final LogChanges changes = new LogChanges();
  private long end;

  PartitionBatch(Redis redis, String partition, long begin) {
    this.redis = redis;
    this.partition = partition;
    this.begin = begin;
    this.end = begin;
  }

  /** What its records change; they are added here. */
  public LogChanges changes() {
    return changes;
  }

  /** Extends the batch up to an offset; other offsets before it hold only transaction markers. */
  public void extendTo(long next) {
    end = next;
  }

  /** The offset after the batch. */
  public long end() {
    return end;
  }

  /** The partition, the first offset and the end offset: {@code orders:3@17 to 20}. */
  @Override
  public String toString() {
    return partition + "@" + begin + " to " + end;
  }

  /** Begins to apply the batch; it is sent by {@link Positions#flush}. */
  public CompletableFuture<ApplyResult> apply() {
    var script = new Call();
    for (var change : changes.all()) {
      switch (change) {
        case OrderChange order -> script.add(order);
        case WithheldChange order -> script.add(order);
        case StockChange adjustment -> script.add(adjustment);
      }
    }
    return redis
        .runBuffered(Script.APPLY, script.keys, script.arguments)
        .thenApply(ApplyResult::valueOf);
  }

  /** The keys and arguments of {@code apply.lua}. */
  private final class Call {
    private final List<String> keys =
        new ArrayList<>(
            List.of(
                Keys.POSITIONS,
                Keys.UNSETTLED,
                Keys.ALL_ORDERS,
                Keys.RESERVATION_DEADLINES,
                Keys.IDEMPOTENCY_KEYS,
                Keys.BOUNDARY,
                Keys.ADJUSTMENT_TIMES));
    private final List<Object> arguments = new ArrayList<>(List.of(partition, begin, end));

    void add(OrderChange change) {
      var id = change.id();
      var status = change.status();
      keys.addAll(
          List.of(Keys.order(id), Keys.timeline(id), Keys.idempotency(id), Keys.reservation(id)));
      arguments.add("order");
      arguments.add(id);
      arguments.add(change.first());
      arguments.add(change.placedMillis());
      arguments.add(status == null ? "" : status.name());
      arguments.add(status != null && status.isSettled());
      arguments.add(change.pieceAction().name().toLowerCase(Locale.ROOT));
      addList(change.entries());
      List<Object> fields = new ArrayList<>();
      change.fields().forEach((name, value) -> fields.addAll(List.of(name, value)));
      addList(fields);
      var placement = change.placement();
      addList(placement == null ? List.of() : arguments(change, placement));
    }

    private List<Object> arguments(OrderChange change, OrderChange.Placement placement) {
      var order = placement.order().order();
      var expiry = placement.responseExpiry();
      List<Object> placed = new ArrayList<>();
      placed.add(order.customerId());
      placed.add(placement.createdMillis());
      placed.add(order.fingerprint());
      placed.add(placement.order().json());
      placed.add(expiry == null ? "" : Json.bytes(Order.accepted(change.id(), order)));
      placed.add(expiry == null ? 0 : expiry.toEpochMilli());
      placed.addAll(pieces(order.items()));
      return placed;
    }

    void add(WithheldChange change) {
      var summary = change.summary();
      keys.addAll(List.of(Keys.order(change.id()), Keys.reservation(change.id())));
      arguments.add("withheld");
      arguments.add(change.id());
      arguments.add(summary.customerId());
      arguments.add(change.created());
      arguments.add(summary.fingerprint());
      arguments.add(Json.bytes(summary));
      arguments.add(change.status().name());
      arguments.add(change.reason() == null ? "" : change.reason());
      addList(pieces(summary.items()));
    }

    void add(StockChange change) {
      keys.add(Keys.adjustments(change.sku()));
      keys.add(Keys.reservation(change.id()));
      arguments.addAll(
          List.of(
              "adjustment",
              change.id(),
              change.sku(),
              change.delta(),
              change.fingerprint(),
              change.recordedAt().toEpochMilli()));
    }

    private List<Object> pieces(List<OrderLine> items) {
      List<Object> pieces = new ArrayList<>();
      items.forEach(item -> pieces.addAll(List.of(item.sku(), item.quantity())));
      return pieces;
    }

    private void addList(Collection<?> list) {
      arguments.add(list.size());
      arguments.addAll(list);
    }
  }
}
