package shop.order.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.security.Caller;
import shop.order.Order;

/**
 * An order as it is shown.
 *
 * @param customerId whose it is; only admins are told
 */
record OrderBody(@JsonUnwrapped Order order, @Nullable UUID customerId) {

  static OrderBody of(Order order, Caller caller) {
    return new OrderBody(order, caller.isAdmin() ? order.customerId() : null);
  }
}
