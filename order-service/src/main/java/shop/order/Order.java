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
 * @param shippingAddress where the order is sent; null while the order is withheld, and after it
 *     was cancelled in that state, because only its unreadable command contains it
 * @param reason why the payment failed or the order was cancelled; null otherwise
 * @param refunded the sum of the refunds so far without those that failed; null if there is none
 * @param shipment carrier and tracking number; null before it is shipped
 * @param createdAt when it was placed
 * @param version number of its last event; 0 until the projector has applied the first, which a
 *     withheld order does not have
 */
public record Order(
    OrderId id,
    @JsonIgnore UUID customerId,
    OrderStatus status,
    List<OrderLine> items,
    Money total,
    @Nullable ShippingAddress shippingAddress,
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

  /** The same response for an order of which only a summary can be read. */
  public static Order accepted(OrderId id, OrderSummary summary, ShippingAddress shippingAddress) {
    return of(id, summary, shippingAddress, OrderStatus.PLACED, null);
  }

  /** An order that is withheld, or was cancelled while it was. */
  public static Order withheld(
      OrderId id, OrderSummary summary, OrderStatus status, @Nullable String reason) {
    return of(id, summary, null, status, reason);
  }

  private static Order of(
      OrderId id,
      OrderSummary summary,
      @Nullable ShippingAddress shippingAddress,
      OrderStatus status,
      @Nullable String reason) {
    return new Order(
        id,
        summary.customerId(),
        status,
        summary.items(),
        summary.total(),
        shippingAddress,
        reason,
        null,
        null,
        summary.createdAt(),
        0);
  }

  /** True if the order was never placed: its command is a dead letter, or was discarded. */
  @JsonIgnore
  public boolean isWithheld() {
    return shippingAddress == null;
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
