package shop.order.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import shop.order.Order;

/**
 * A part of a list.
 *
 * @param items newest first
 * @param nextCursor asks for what follows; absent at the end
 */
record Page(List<Order> items, @Nullable String nextCursor) {

  /**
   * A page of at most {@code limit} out of what was found, which tells by one more that it goes on.
   */
  static Page of(List<Order> found, int limit) {
    if (found.size() <= limit) {
      return new Page(found, null);
    }
    var items = found.subList(0, limit);
    return new Page(items, Cursors.write(items.getLast()));
  }
}
