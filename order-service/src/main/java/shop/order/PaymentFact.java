package shop.order;

import java.util.Optional;
import shop.common.json.Json;

/** What payment-service says it did about an order; a fact is never rejected. */
public sealed interface PaymentFact {

  /** The customer was charged. */
  record Captured(String paymentIntentId) implements PaymentFact {
    public static final String TYPE = "shop.payment.captured.v1";
  }

  /** The payment provider refused; nothing was charged. */
  record Declined(String reason) implements PaymentFact {
    public static final String TYPE = "shop.payment.declined.v1";
  }

  /** Reads a record of {@code payments}; empty for what does not concern an order's state. */
  static Optional<PaymentFact> read(String type, byte[] data) {
    return switch (type) {
      case Captured.TYPE -> Optional.of(Json.read(data, Captured.class));
      case Declined.TYPE -> Optional.of(Json.read(data, Declined.class));
      default -> Optional.empty();
    };
  }
}
