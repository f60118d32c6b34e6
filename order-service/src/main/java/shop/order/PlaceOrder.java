package shop.order;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import shop.common.money.Money;

/**
 * The command to place an order, priced and complete; {@link OrderEvent.Placed} repeats it. Its
 * bytes are kept under the idempotency key: whoever resumes appends them as they are.
 *
 * @param customerId whose order
 * @param idempotencyKey the client's key
 * @param fingerprint SHA-256 of the canonical request, in hexadecimal
 * @param items what is ordered
 * @param total the sum of the lines
 * @param paymentMethod the payment provider's name for it
 * @param shippingAddress where it goes
 * @param createdAt when it was first asked for, to the millisecond
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
