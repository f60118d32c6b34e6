package shop.order.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.security.Caller;
import shop.order.Order;

/**
 * An order in a response.
 *
 * @param customerId of the customer who placed it; in responses to admins only
 */
record OrderBody(@JsonUnwrapped Order order, @Nullable UUID customerId) {

  static OrderBody of(Order order, Caller caller) {
    return new OrderBody(order, caller.isAdmin() ? order.customerId() : null);
  }
}
