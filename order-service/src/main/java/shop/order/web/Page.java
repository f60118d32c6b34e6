package shop.order.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import shop.common.security.Caller;
import shop.order.Order;

/**
 * A part of a list.
 *
 * @param items newest first
 * @param nextCursor asks for what follows; absent at the end
 */
record Page(List<OrderBody> items, @Nullable String nextCursor) {

  /**
   * A page of at most {@code limit} out of what was found, which tells by one more that it goes on.
   */
  static Page of(List<Order> found, int limit, Caller caller) {
    boolean more = found.size() > limit;
    var shown = more ? found.subList(0, limit) : found;
    return new Page(
        shown.stream().map(order -> OrderBody.of(order, caller)).toList(),
        more ? Cursors.write(shown.getLast()) : null);
  }
}
