package shop.order.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import shop.common.security.Caller;
import shop.order.Order;

/**
 * A page of a list of orders.
 *
 * @param items newest first
 * @param nextCursor of the next page; absent on the last page
 */
record Page(List<OrderBody> items, @Nullable String nextCursor) {

  /**
   * A page of at most {@code limit} orders.
   *
   * @param found one order more than the limit if there is a next page
   */
  static Page of(List<Order> found, int limit, Caller caller) {
    boolean hasNext = found.size() > limit;
    var shown = hasNext ? found.subList(0, limit) : found;
    return new Page(
        shown.stream().map(order -> OrderBody.of(order, caller)).toList(),
        hasNext ? Cursors.write(shown.getLast()) : null);
  }
}
