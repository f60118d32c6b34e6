package shop.order.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderSummary;
import shop.order.SerializedOrder;
import shop.order.TimelineEntry;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.redis.Script;

/**
 * Consecutive records of one partition of the log, applied to Redis in one step: all of them or
 * nothing, and only if Redis is at their first offset. Several events of one order are merged into
 * one change.
 */
public final class PartitionBatch {

  private final Redis redis;
  private final String partition;
  private final long begin;
  private final Map<OrderId, OrderChange> orders = new HashMap<>();
  private final Map<OrderId, WithheldChange> withheld = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private long end;

  PartitionBatch(Redis redis, String partition, long begin) {
    this.redis = redis;
    this.partition = partition;
    this.begin = begin;
    this.end = begin;
  }

  /** A change that a batch makes. */
  sealed interface Change permits OrderChange, WithheldChange, Adjustment {

    /** Adds itself to the keys and arguments of {@code apply.lua}. */
    void write(List<String> keys, List<Object> arguments);
  }

  private record Adjustment(String id, String sku, long delta, String fingerprint)
      implements Change {
    @Override
    public void write(List<String> keys, List<Object> arguments) {
      keys.add(Keys.adjustments(sku));
      keys.add(Keys.reservation(id));
      arguments.addAll(List.of("adjustment", id, sku, delta, fingerprint));
    }
  }

  /**
   * Adds event 1 of an order.
   *
   * @param responseExpiry until when the response is stored under the order's key, if the instance
   *     that accepted the order did not store it, or Redis lost it; null if it has expired
   */
  public void place(
      OrderId id, SerializedOrder order, TimelineEntry entry, @Nullable Instant responseExpiry) {
    add(id, entry, change -> change.place(order, entry, responseExpiry));
    removeWithheld(id);
  }

  /** Adds an order that is withheld; event 1 replaces it. */
  public void withhold(OrderId id, OrderSummary summary) {
    if (!orders.containsKey(id) && !withheld.containsKey(id)) {
      putWithheld(WithheldChange.begin(id, summary));
    }
  }

  /** Adds the end of a withheld order, which is thereby cancelled. */
  public void endWithheld(OrderId id, OrderSummary summary, String reason) {
    if (!orders.containsKey(id)) {
      removeWithheld(id);
      putWithheld(WithheldChange.end(id, summary, reason));
    }
  }

  private void putWithheld(WithheldChange change) {
    withheld.put(change.id(), change);
    changes.add(change);
  }

  private void removeWithheld(OrderId id) {
    @Nullable WithheldChange replaced = withheld.remove(id);
    if (replaced != null) {
      changes.remove(replaced);
    }
  }

  /** Adds event n+1 of an order; an event that was added before is ignored. */
  public void advance(OrderId id, OrderEvent event, TimelineEntry entry) {
    add(id, entry, change -> change.advance(event, entry));
  }

  /**
   * Adds an event to the change that it belongs to; after a gap a new one begins, which Redis
   * rejects. An event that cannot be added leaves the batch as it was.
   */
  private void add(OrderId id, TimelineEntry entry, Consumer<OrderChange> addition) {
    @Nullable OrderChange existing = orders.get(id);
    if (existing != null && entry.sequence() <= existing.next()) {
      if (entry.sequence() == existing.next()) {
        addition.accept(existing);
      }
      return;
    }
    var change = new OrderChange(id, entry.sequence());
    addition.accept(change);
    orders.put(id, change);
    changes.add(change);
  }

  /** Adds an adjustment of the stock, which is applied once even if its record is repeated. */
  public void adjust(String id, String sku, long delta, String fingerprint) {
    changes.add(new Adjustment(id, sku, delta, fingerprint));
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
    List<String> keys = new ArrayList<>();
    keys.add(Keys.POSITIONS);
    keys.add(Keys.UNSETTLED);
    keys.add(Keys.ALL_ORDERS);
    keys.add(Keys.RESERVATION_DEADLINES);
    keys.add(Keys.IDEMPOTENCY_KEYS);
    List<Object> arguments = new ArrayList<>(List.of(partition, begin, end));
    changes.forEach(change -> change.write(keys, arguments));
    return redis.runBuffered(Script.APPLY, keys, arguments).thenApply(ApplyResult::valueOf);
  }
}
