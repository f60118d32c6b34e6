package shop.order;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * An order as the API shows it.
 *
 * @param id its id
 * @param customerId of the customer who placed it; not shown
 * @param status its current status
 * @param items the ordered products, at the prices of that time
 * @param total the sum of the lines
 * @param shippingAddress where the order is sent
 * @param reason why the payment failed or the order was cancelled; null otherwise
 * @param refunded the sum of the refunds so far without those that failed; null if there is none
 * @param shipment carrier and tracking number; null before it is shipped
 * @param createdAt when it was placed
 * @param version number of its last event; 0 until the projector has applied the first
 */
public record Order(
    OrderId id,
    @JsonIgnore UUID customerId,
    OrderStatus status,
    List<OrderLine> items,
    Money total,
    ShippingAddress shippingAddress,
    @Nullable String reason,
    @Nullable Money refunded,
    @Nullable Shipment shipment,
    Instant createdAt,
    long version) {

  /** The carrier of an order, and the number by which the carrier tracks it. */
  public record Shipment(String carrier, String trackingNumber) {}

  /** An order when it was accepted: the response to every request with its idempotency key. */
  public static Order accepted(OrderId id, PlaceOrder placed) {
    return of(id, placed, OrderStatus.PLACED, null, null, null, 0);
  }

  public static Order of(
      OrderId id,
      PlaceOrder placed,
      OrderStatus status,
      @Nullable String reason,
      @Nullable Money refunded,
      @Nullable Shipment shipment,
      long version) {
    return new Order(
        id,
        placed.customerId(),
        status,
        placed.items(),
        placed.total(),
        placed.shippingAddress(),
        reason,
        refunded,
        shipment,
        placed.createdAt(),
        version);
  }
}
