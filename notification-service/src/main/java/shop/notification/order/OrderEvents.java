package shop.notification.order;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.money.Money;
import shop.notification.Notice;

/** What is read of the events of orders. */
final class OrderEvents {

  static final String PLACED = "shop.order.placed.v1";
  static final String CONFIRMED = "shop.order.confirmed.v1";
  static final String PAYMENT_FAILED = "shop.order.payment-failed.v1";

  private OrderEvents() {}

  /**
   * What the customer is to be told of an event; null if nothing.
   *
   * @throws shop.common.json.MalformedJson if the data is not the type's
   */
  static @Nullable ToCustomer toCustomer(Envelope envelope, byte[] data) {
    return switch (envelope.type()) {
      case PLACED -> {
        var event = Json.read(data, Placed.class);
        yield new ToCustomer(event.customerId, new Notice.OrderPlaced(event.items, event.total));
      }
      case CONFIRMED -> {
        var event = Json.read(data, Confirmed.class);
        yield new ToCustomer(event.customerId, new Notice.OrderConfirmed(event.total));
      }
      case PAYMENT_FAILED -> {
        var event = Json.read(data, PaymentFailed.class);
        yield new ToCustomer(event.customerId, new Notice.PaymentFailed(event.total, event.reason));
      }
      default -> null;
    };
  }

  /** A notice and the account that it is for. */
  record ToCustomer(UUID customerId, Notice notice) {}

  /** Of {@link #PLACED}. */
  record Placed(UUID customerId, List<Notice.Item> items, Money total) {
    Placed {
      requireNonNull(customerId, "customerId");
      items = List.copyOf(items);
      requireNonNull(total, "total");
    }
  }

  /** Of {@link #CONFIRMED}. */
  record Confirmed(UUID customerId, Money total) {
    Confirmed {
      requireNonNull(customerId, "customerId");
      requireNonNull(total, "total");
    }
  }

  /** Of {@link #PAYMENT_FAILED}. */
  record PaymentFailed(UUID customerId, Money total, String reason) {
    PaymentFailed {
      requireNonNull(customerId, "customerId");
      requireNonNull(total, "total");
      requireNonNull(reason, "reason");
    }
  }
}
