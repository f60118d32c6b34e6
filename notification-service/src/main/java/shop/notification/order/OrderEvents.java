package shop.notification.order;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.money.Money;
import shop.notification.Notice;

/** Order events, with the fields that notices need. */
final class OrderEvents {

  static final String PLACED = "shop.order.placed.v1";
  static final String CONFIRMED = "shop.order.confirmed.v1";
  static final String PAYMENT_FAILED = "shop.order.payment-failed.v1";
  static final String CANCELLED = "shop.order.cancelled.v1";
  static final String REFUNDED = "shop.order.refunded.v1";
  static final String SHIPPED = "shop.order.shipped.v1";
  static final String DELIVERED = "shop.order.delivered.v1";

  private OrderEvents() {}

  /**
   * The notice that an event causes; null if it causes none.
   *
   * @throws shop.common.json.MalformedJson if the data does not match the event type
   */
  static @Nullable CustomerNotice noticeOf(Envelope envelope, byte[] data) {
    return switch (envelope.type()) {
      case PLACED -> {
        var event = Json.read(data, Placed.class);
        yield new CustomerNotice(
            event.customerId, new Notice.OrderPlaced(event.items, event.total));
      }
      case CONFIRMED -> {
        var event = Json.read(data, Confirmed.class);
        yield new CustomerNotice(event.customerId, new Notice.OrderConfirmed(event.total));
      }
      case PAYMENT_FAILED -> {
        var event = Json.read(data, PaymentFailed.class);
        yield new CustomerNotice(
            event.customerId, new Notice.PaymentFailed(event.total, event.reason));
      }
      case CANCELLED -> {
        var event = Json.read(data, Cancelled.class);
        yield new CustomerNotice(event.customerId, new Notice.OrderCancelled(event.total));
      }
      case REFUNDED -> {
        var event = Json.read(data, Refunded.class);
        yield new CustomerNotice(
            event.customerId,
            new Notice.MoneyRefunded(event.amount, event.refundedTotal, event.total));
      }
      case SHIPPED -> {
        var event = Json.read(data, Shipped.class);
        yield new CustomerNotice(
            event.customerId, new Notice.OrderShipped(event.carrier, event.trackingNumber));
      }
      case DELIVERED -> {
        var event = Json.read(data, Delivered.class);
        yield new CustomerNotice(event.customerId, new Notice.OrderDelivered(event.total));
      }
      default -> null;
    };
  }

  /** A notice and the account that receives it. */
  record CustomerNotice(UUID customerId, Notice notice) {}

  /** Data of {@link #PLACED}. */
  record Placed(UUID customerId, List<Notice.Item> items, Money total) {
    Placed {
      requireNonNull(customerId, "customerId");
      items = List.copyOf(items);
      requireNonNull(total, "total");
    }
  }

  /** Data of {@link #CONFIRMED}. */
  record Confirmed(UUID customerId, Money total) {
    Confirmed {
      requireNonNull(customerId, "customerId");
      requireNonNull(total, "total");
    }
  }

  /** Data of {@link #PAYMENT_FAILED}. */
  record PaymentFailed(UUID customerId, Money total, String reason) {
    PaymentFailed {
      requireNonNull(customerId, "customerId");
      requireNonNull(total, "total");
      requireNonNull(reason, "reason");
    }
  }

  /** Data of {@link #CANCELLED}. */
  record Cancelled(UUID customerId, Money total) {
    Cancelled {
      requireNonNull(customerId, "customerId");
      requireNonNull(total, "total");
    }
  }

  /** Data of {@link #REFUNDED}. */
  record Refunded(UUID customerId, Money amount, Money refundedTotal, Money total) {
    Refunded {
      requireNonNull(customerId, "customerId");
      requireNonNull(amount, "amount");
      requireNonNull(refundedTotal, "refundedTotal");
      requireNonNull(total, "total");
    }
  }

  /** Data of {@link #SHIPPED}. */
  record Shipped(UUID customerId, String carrier, String trackingNumber) {
    Shipped {
      requireNonNull(customerId, "customerId");
      requireNonNull(carrier, "carrier");
      requireNonNull(trackingNumber, "trackingNumber");
    }
  }

  /** Data of {@link #DELIVERED}. */
  record Delivered(UUID customerId, Money total) {
    Delivered {
      requireNonNull(customerId, "customerId");
      requireNonNull(total, "total");
    }
  }
}
