package shop.order.web;

import org.springframework.stereotype.Component;
import shop.common.problem.Problem;
import shop.common.security.Caller;
import shop.order.Order;
import shop.order.OrderId;
import shop.order.reading.Orders;

/**
 * Gives customers access to their own orders, and admins to all orders. An order of another
 * customer is reported as not found.
 */
@Component
class OrderAccess {

  private final Orders orders;

  OrderAccess(Orders orders) {
    this.orders = orders;
  }

  /**
   * The order with an id.
   *
   * @throws Problem 404 if there is none, or it belongs to another customer
   */
  Order order(Caller caller, String id) {
    return orders
        .find(orderId(id))
        .filter(found -> found.customerId().equals(caller.id()) || caller.isAdmin())
        .orElseThrow(OrderAccess::noSuchOrder);
  }

  private static OrderId orderId(String text) {
    try {
      return OrderId.parse(text);
    } catch (IllegalArgumentException e) {
      throw noSuchOrder();
    }
  }

  private static Problem noSuchOrder() {
    return Problem.notFound("You have no such order");
  }
}
