package shop.order;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.money.DeclineReason;
import shop.common.money.Money;
import shop.common.money.RefundFailureReason;

/** An event of an order. Replaying all events of an order restores its state. */
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
      case RefundFailedLater _ -> RefundFailedLater.TYPE;
      case Shipped _ -> Shipped.TYPE;
      case Delivered _ -> Delivered.TYPE;
    };
  }

  /** The status of the order after this event; null if the event does not change it. */
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
      case RefundRequested _, RefundFailed _, RefundFailedLater _ -> null;
    };
  }

  /** When the order was placed. */
  Instant placedAt();

  /** The order was accepted. */
  record Placed(@JsonValue PlaceOrder order) implements OrderEvent {
    public static final String TYPE = "shop.order.placed.v1";

    @Override
    public Instant placedAt() {
      return order.createdAt();
    }
  }

  /** The payment was captured. */
  record Confirmed(UUID customerId, Money total, String paymentIntentId, Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.confirmed.v1";
  }

  /**
   * The payment was declined.
   *
   * @param reason the code of a {@link DeclineReason}; a provider's code becomes one, also when an
   *     older event is read
   */
  record PaymentFailed(UUID customerId, Money total, String reason, Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.payment-failed.v1";

    public PaymentFailed {
      reason = DeclineReason.of(reason).code();
    }
  }

  /**
   * The order is to be cancelled.
   *
   * @param paymentIntentId the intent by which the customer was charged; null if nothing was
   */
  record CancelRequested(
      UUID customerId,
      Money total,
      String reason,
      @Nullable String paymentIntentId,
      Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.cancel-requested.v1";
  }

  /** The order is cancelled; nothing was charged. */
  record Cancelled(UUID customerId, Money total, Instant placedAt) implements OrderEvent {
    public static final String TYPE = "shop.order.cancelled.v1";
  }

  /** A refund is to be made. */
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

  /**
   * A refund was made.
   *
   * @param refundedTotal the sum of all refunds so far; equal to the total if the order is fully
   *     refunded
   */
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

  /**
   * A refund failed.
   *
   * @param reason the code of a {@link RefundFailureReason}, as for {@link PaymentFailed}
   */
  record RefundFailed(
      UUID customerId, UUID refundId, Money amount, String reason, Money total, Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.refund-failed.v1";

    public RefundFailed {
      reason = RefundFailureReason.of(reason).code();
    }
  }

  /**
   * A refund failed after it had been made; its amount can be refunded again.
   *
   * @param refundedTotal the sum of all refunds that have not failed
   * @param reason the code of a {@link RefundFailureReason}, as for {@link PaymentFailed}
   */
  record RefundFailedLater(
      UUID customerId,
      UUID refundId,
      Money amount,
      Money refundedTotal,
      String reason,
      Money total,
      Instant placedAt)
      implements OrderEvent {
    public static final String TYPE = "shop.order.refund-failed-later.v1";

    public RefundFailedLater {
      reason = RefundFailureReason.of(reason).code();
    }
  }

  /** The order was handed to a carrier. */
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

  /** The order was delivered. */
  record Delivered(UUID customerId, Money total, Instant placedAt) implements OrderEvent {
    public static final String TYPE = "shop.order.delivered.v1";
  }

  /**
   * Reads an event's data.
   *
   * @throws MalformedEvent if the type is not that of an order event
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
      case RefundFailedLater.TYPE -> Json.read(data, RefundFailedLater.class);
      case Shipped.TYPE -> Json.read(data, Shipped.class);
      case Delivered.TYPE -> Json.read(data, Delivered.class);
      default -> throw new MalformedEvent("Unknown type of order event: " + type);
    };
  }
}
