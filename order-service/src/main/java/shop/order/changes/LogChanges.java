package shop.order.changes;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderSummary;
import shop.order.SerializedOrder;
import shop.order.TimelineEntry;

/**
 * The changes of consecutive records of one partition of the log. Several events of one order are
 * merged into one change.
 */
public final class LogChanges {

  private final Map<OrderId, OrderChange> orders = new HashMap<>();
  private final Map<OrderId, WithheldChange> withheld = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();

  /** All changes, in the order of their first records. */
  public List<Change> all() {
    return Collections.unmodifiableList(changes);
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
   * Adds an event to the change that it belongs to; after a gap a new one begins, which the views
   * reject. An event that cannot be added leaves everything as it was.
   */
  private void add(OrderId id, TimelineEntry entry, Consumer<OrderChange> addition) {
    @Nullable OrderChange existing = orders.get(id);
    if (existing != null && entry.sequence() <= existing.last() + 1) {
      if (entry.sequence() == existing.last() + 1) {
        addition.accept(existing);
      }
      return;
    }
    var change = new OrderChange(id, entry.sequence());
    addition.accept(change);
    orders.put(id, change);
    changes.add(change);
  }

  /** Adds an adjustment of the stock. */
  public void adjust(StockChange change) {
    changes.add(change);
  }
}
