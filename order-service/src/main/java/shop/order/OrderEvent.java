package shop.order;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.money.Money;

/** What happened to an order. Replaying an order's events gives the order. */
public sealed interface OrderEvent {

  /** The event's stable type name. */
  String type();

  /** The status that the order has from then on; null if it stays what it was. */
  @Nullable OrderStatus status();

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

  /** It is to be cancelled. The intent is named if the customer was charged. */
  record CancelRequested(
      UUID customerId,
      Money total,
      String reason,
      @Nullable String paymentIntentId,
      Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.cancel-requested.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public OrderStatus status() {
      return OrderStatus.CANCELLING;
    }
  }

  /** It is cancelled; nothing was charged. */
  record Cancelled(UUID customerId, Money total, Instant placedAt) implements OrderEvent {
    public static final String TYPE = "shop.order.cancelled.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public OrderStatus status() {
      return OrderStatus.CANCELLED;
    }
  }

  /** Money is to be given back. */
  record RefundRequested(
      UUID customerId,
      UUID refundId,
      Money amount,
      String reason,
      @Nullable String paymentIntentId,
      Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.refund-requested.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public @Nullable OrderStatus status() {
      return null;
    }
  }

  /** Money was given back; the total of all refunds tells whether all of it was. */
  record Refunded(
      UUID customerId,
      UUID refundId,
      Money amount,
      Money refundedTotal,
      Money total,
      Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.refunded.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public @Nullable OrderStatus status() {
      return refundedTotal.equals(total) ? OrderStatus.REFUNDED : null;
    }
  }

  /** A refund came to nothing. */
  record RefundFailed(
      UUID customerId, UUID refundId, Money amount, String reason, Money total, Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.refund-failed.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public @Nullable OrderStatus status() {
      return null;
    }
  }

  /** It was handed to a carrier. */
  record Shipped(
      UUID customerId,
      Money total,
      UUID shipmentId,
      String carrier,
      String trackingNumber,
      Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.shipped.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public OrderStatus status() {
      return OrderStatus.SHIPPED;
    }
  }

  /** It arrived. */
  record Delivered(UUID customerId, Money total, Instant placedAt) implements OrderEvent {
    public static final String TYPE = "shop.order.delivered.v1";

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public OrderStatus status() {
      return OrderStatus.DELIVERED;
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
      case CancelRequested.TYPE -> Json.read(data, CancelRequested.class);
      case Cancelled.TYPE -> Json.read(data, Cancelled.class);
      case RefundRequested.TYPE -> Json.read(data, RefundRequested.class);
      case Refunded.TYPE -> Json.read(data, Refunded.class);
      case RefundFailed.TYPE -> Json.read(data, RefundFailed.class);
      case Shipped.TYPE -> Json.read(data, Shipped.class);
      case Delivered.TYPE -> Json.read(data, Delivered.class);
      default -> throw new MalformedEvent("No event of an order is called " + type);
    };
  }
}
