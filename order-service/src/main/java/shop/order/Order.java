package shop.order;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * An order as its customer sees it.
 *
 * @param id its id
 * @param customerId whose it is; not shown
 * @param status where it stands
 * @param items what was ordered, at the prices of that time
 * @param total the sum of the lines
 * @param shippingAddress where it goes
 * @param reason why the payment failed or the order was cancelled
 * @param refunded what was given back so far
 * @param shipment who carries it
 * @param createdAt when it was placed
 * @param version number of its last event; 0 until the first is seen
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

  /** Who carries an order, and by which number to ask for it there. */
  public record Shipment(String carrier, String trackingNumber) {}

  /** As it was when it was accepted: what the first answer shows, also when it is asked again. */
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
