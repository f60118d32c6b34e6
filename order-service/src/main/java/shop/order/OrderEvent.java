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
  default String type() {
    return switch (this) {
      case Placed _ -> Placed.TYPE;
      case Confirmed _ -> Confirmed.TYPE;
      case PaymentFailed _ -> PaymentFailed.TYPE;
      case CancelRequested _ -> CancelRequested.TYPE;
      case Cancelled _ -> Cancelled.TYPE;
      case RefundRequested _ -> RefundRequested.TYPE;
      case Refunded _ -> Refunded.TYPE;
      case RefundFailed _ -> RefundFailed.TYPE;
      case Shipped _ -> Shipped.TYPE;
      case Delivered _ -> Delivered.TYPE;
    };
  }

  /** The status that the order has from then on; null if it stays what it was. */
  default @Nullable OrderStatus status() {
    return switch (this) {
      case Placed _ -> OrderStatus.PLACED;
      case Confirmed _ -> OrderStatus.CONFIRMED;
      case PaymentFailed _ -> OrderStatus.PAYMENT_FAILED;
      case CancelRequested _ -> OrderStatus.CANCELLING;
      case Cancelled _ -> OrderStatus.CANCELLED;
      case Shipped _ -> OrderStatus.SHIPPED;
      case Delivered _ -> OrderStatus.DELIVERED;
      case Refunded refund ->
          refund.refundedTotal().equals(refund.total()) ? OrderStatus.REFUNDED : null;
      case RefundRequested _, RefundFailed _ -> null;
    };
  }

  /** It was accepted. */
  record Placed(@JsonValue PlaceOrder order) implements OrderEvent {
    public static final String TYPE = "shop.order.placed.v1";
  }

  /** Its payment was captured. */
  record Confirmed(UUID customerId, Money total, String paymentIntentId, Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.confirmed.v1";
  }

  /** Its payment was declined. */
  record PaymentFailed(UUID customerId, Money total, String reason, Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.payment-failed.v1";
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
  }

  /** It is cancelled; nothing was charged. */
  record Cancelled(UUID customerId, Money total, Instant placedAt) implements OrderEvent {
    public static final String TYPE = "shop.order.cancelled.v1";
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
  }

  /** A refund came to nothing. */
  record RefundFailed(
      UUID customerId, UUID refundId, Money amount, String reason, Money total, Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.refund-failed.v1";
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
  }

  /** It arrived. */
  record Delivered(UUID customerId, Money total, Instant placedAt) implements OrderEvent {
    public static final String TYPE = "shop.order.delivered.v1";
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
