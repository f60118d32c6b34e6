package shop.order;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import shop.common.money.Money;

/**
 * What the headers of a {@link PlaceOrder} say about the order, without personal data. It keeps the
 * order's idempotency key and pieces, and is what can be shown of it, while its data is unreadable.
 *
 * @param customerId of the customer who places it
 * @param fingerprint SHA-256 of the canonical request, in hexadecimal
 * @param items the ordered products, priced
 * @param total the sum of the lines
 * @param createdAt time of the first request, to the millisecond
 */
public record OrderSummary(
    UUID customerId, String fingerprint, List<OrderLine> items, Money total, Instant createdAt) {

  public OrderSummary {
    if (items.isEmpty() || items.stream().anyMatch(item -> item.quantity() < 1)) {
      throw new IllegalArgumentException("An order has at least one piece of each product");
    }
    items = List.copyOf(items);
  }

  public static OrderSummary of(PlaceOrder order) {
    return new OrderSummary(
        order.customerId(), order.fingerprint(), order.items(), order.total(), order.createdAt());
  }
}
