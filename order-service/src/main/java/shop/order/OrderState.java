package shop.order;

import java.time.Instant;
import java.util.UUID;
import shop.common.money.Money;

/**
 * What the processor remembers of an order to decide about it.
 *
 * @param status where it stands
 * @param sequence number of its last event, from 1
 * @param customerId whose it is
 * @param total what it costs
 * @param placedAt when it was placed
 */
public record OrderState(
    OrderStatus status, long sequence, UUID customerId, Money total, Instant placedAt) {

  static OrderState placed(PlaceOrder order) {
    return new OrderState(
        OrderStatus.PLACED, 1, order.customerId(), order.total(), order.createdAt());
  }

  OrderState after(OrderEvent event) {
    return new OrderState(event.status(), sequence + 1, customerId, total, placedAt);
  }
}
