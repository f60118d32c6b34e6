package shop.order;

import java.util.Comparator;

/**
 * The position of an order in a list.
 *
 * @param created when it was placed, in milliseconds since 1970
 */
public record OrderCursor(long created, OrderId id) {

  /** The order of lists: newest first, and by descending id within a millisecond. */
  public static final Comparator<OrderCursor> NEWEST_FIRST =
      Comparator.comparingLong(OrderCursor::created)
          .thenComparing(cursor -> cursor.id().toString())
          .reversed();

  public static OrderCursor of(Order order) {
    return new OrderCursor(order.createdAt().toEpochMilli(), order.id());
  }

  /** True if an order comes after this one in lists. */
  public boolean precedes(OrderCursor other) {
    return NEWEST_FIRST.compare(this, other) < 0;
  }
}
