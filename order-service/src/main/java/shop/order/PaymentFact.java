package shop.order;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.json.Json;
import shop.common.money.Money;

/** What payment-service says it did about an order; a fact is never rejected. */
public sealed interface PaymentFact {

  /** An intent exists; nothing is charged yet. */
  record Started(String paymentIntentId) implements PaymentFact {
    public static final String TYPE = "shop.payment.started.v1";
  }

  /** The customer was charged. */
  record Captured(String paymentIntentId) implements PaymentFact {
    public static final String TYPE = "shop.payment.captured.v1";
  }

  /** The payment provider refused; nothing was charged. */
  record Declined(String reason) implements PaymentFact {
    public static final String TYPE = "shop.payment.declined.v1";
  }

  /**
   * Nothing was and nothing will be charged.
   *
   * @param paymentIntentId the intent that was cancelled; without one it counts only if none was
   *     started before
   */
  record Voided(@Nullable String paymentIntentId) implements PaymentFact {
    public static final String TYPE = "shop.payment.voided.v1";
  }

  /** Money was given back. */
  record Refunded(UUID refundId, Money amount) implements PaymentFact {
    public static final String TYPE = "shop.payment.refunded.v1";
  }

  /** A refund came to nothing. */
  record RefundFailed(UUID refundId, Money amount, String reason) implements PaymentFact {
    public static final String TYPE = "shop.payment.refund-failed.v1";
  }

  /** Reads a record of {@code payments}; empty for what does not concern an order's state. */
  static Optional<PaymentFact> read(String type, byte[] data) {
    return switch (type) {
      case Started.TYPE -> Optional.of(Json.read(data, Started.class));
      case Captured.TYPE -> Optional.of(Json.read(data, Captured.class));
      case Declined.TYPE -> Optional.of(Json.read(data, Declined.class));
      case Voided.TYPE -> Optional.of(Json.read(data, Voided.class));
      case Refunded.TYPE -> Optional.of(Json.read(data, Refunded.class));
      case RefundFailed.TYPE -> Optional.of(Json.read(data, RefundFailed.class));
      default -> Optional.empty();
    };
  }
}
