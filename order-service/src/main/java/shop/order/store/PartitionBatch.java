package shop.order.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.SerializedOrder;
import shop.order.TimelineEntry;

/**
 * A stretch of one partition of the log, brought to Redis in one step: all of it or nothing, and
 * only on what came before it. Of an order with several events there only their sum is written.
 */
public final class PartitionBatch {

  private final Redis redis;
  private final String partition;
  private final long begin;
  private final Map<OrderId, OrderChange> orders = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private long end;

  PartitionBatch(Redis redis, String partition, long begin) {
    this.redis = redis;
    this.partition = partition;
    this.begin = begin;
    this.end = begin;
  }

  /** Something that a stretch changes. */
  sealed interface Change permits OrderChange, Adjustment {

    /** Adds itself to the keys and arguments of {@code apply.lua}. */
    void write(List<String> keys, List<Object> arguments);
  }

  private record Adjustment(String id, String sku, long delta) implements Change {
    @Override
    public void write(List<String> keys, List<Object> arguments) {
      keys.add(Keys.adjustments(sku));
      keys.add(Keys.reservation(id));
      arguments.addAll(List.of("adjustment", id, sku, delta));
    }
  }

  /**
   * Takes event 1 of an order.
   *
   * @param keptUntil until when the answer to its key is kept, if whoever accepted the order did
   *     not come to keep it, or Redis lost it; null if that time is over
   */
  public void place(
      OrderId id, SerializedOrder order, TimelineEntry entry, @Nullable Instant keptUntil) {
    var change = changeOf(id, entry);
    if (change.next() == entry.sequence()) {
      change.place(order, entry, keptUntil);
    }
  }

  /** Takes event n+1 of an order; one that was taken before changes nothing. */
  public void advance(OrderId id, OrderEvent event, TimelineEntry entry) {
    var change = changeOf(id, entry);
    if (change.next() == entry.sequence()) {
      change.advance(event, entry);
    }
  }

  /** The change that an event belongs to; behind a gap another one begins, which Redis refuses. */
  private OrderChange changeOf(OrderId id, TimelineEntry entry) {
    @Nullable OrderChange begun = orders.get(id);
    if (begun != null && entry.sequence() <= begun.next()) {
      return begun;
    }
    var change = new OrderChange(id, entry.sequence());
    orders.put(id, change);
    changes.add(change);
    return change;
  }

  /** Takes an adjustment of the stock, which counts once however often it is told. */
  public void adjust(String id, String sku, long delta) {
    changes.add(new Adjustment(id, sku, delta));
  }

  /** Goes on to an offset: before it there is nothing else, or only the log's own marks. */
  public void reach(long next) {
    end = next;
  }

  /** The offset behind it. */
  public long end() {
    return end;
  }

  /** Where it lies: {@code orders:3@17} up to the offset that it does not hold any more. */
  @Override
  public String toString() {
    return partition + "@" + begin + " to " + end;
  }

  /** Begins to apply it; leaves with what else is to be applied. */
  public CompletableFuture<ApplyResult> apply() {
    List<String> keys = new ArrayList<>();
    keys.add(Keys.POSITIONS);
    keys.add(Keys.UNSETTLED);
    keys.add(Keys.ALL_ORDERS);
    keys.add(Keys.RESERVATION_DEADLINES);
    keys.add(Keys.IDEMPOTENCY_KEYS);
    List<Object> arguments = new ArrayList<>(List.of(partition, begin, end));
    changes.forEach(change -> change.write(keys, arguments));
    return redis.apply(Script.APPLY, keys, arguments).thenApply(ApplyResult::valueOf);
  }
}
