package shop.order;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import shop.common.money.Money;

/**
 * The command to place an order, priced and complete; {@link OrderEvent.Placed} repeats it. Its
 * bytes are stored under the idempotency key: a resumed request appends the same bytes.
 *
 * @param customerId of the customer who places it
 * @param idempotencyKey the client's key
 * @param fingerprint SHA-256 of the canonical request, in hexadecimal
 * @param items the ordered products, priced
 * @param total the sum of the lines
 * @param paymentMethod the payment provider's id of the payment method
 * @param shippingAddress where the order is sent
 * @param createdAt time of the first request, to the millisecond
 */
public record PlaceOrder(
    UUID customerId,
    String idempotencyKey,
    String fingerprint,
    List<OrderLine> items,
    Money total,
    String paymentMethod,
    ShippingAddress shippingAddress,
    Instant createdAt) {

  public static final String TYPE = "shop.order.place.v1";
}
