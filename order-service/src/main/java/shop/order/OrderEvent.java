package shop.order;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.UUID;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.money.Money;

/** What happened to an order. Replaying an order's events gives the order. */
public sealed interface OrderEvent {

  /** The event's stable type name. */
  String type();

  /** The status that the order has from then on. */
  OrderStatus status();

  /** It was accepted. */
  record Placed(@JsonValue PlaceOrder order) implements OrderEvent {
    public static final String TYPE = "shop.order.placed.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public OrderStatus status() {
      return OrderStatus.PLACED;
    }
  }

  /** Its payment was captured. */
  record Confirmed(UUID customerId, Money total, String paymentIntentId, Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.confirmed.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public OrderStatus status() {
      return OrderStatus.CONFIRMED;
    }
  }

  /** Its payment was declined. */
  record PaymentFailed(UUID customerId, Money total, String reason, Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.payment-failed.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public OrderStatus status() {
      return OrderStatus.PAYMENT_FAILED;
    }
  }

  /**
   * Reads an event's data.
   *
   * @throws MalformedEvent if the type is none of an order's
   * @throws shop.common.json.MalformedJson if the bytes are not that type's data
   */
  static OrderEvent read(String type, byte[] data) {
    return switch (type) {
      case Placed.TYPE -> new Placed(Json.read(data, PlaceOrder.class));
      case Confirmed.TYPE -> Json.read(data, Confirmed.class);
      case PaymentFailed.TYPE -> Json.read(data, PaymentFailed.class);
      default -> throw new MalformedEvent("No event of an order is called " + type);
    };
  }
}
