package shop.order;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.json.Json;
import shop.common.money.Money;

/** An event of payment-service about an order. Facts are never rejected. */
public sealed interface PaymentFact {

  /** A payment intent was created; nothing is charged yet. */
  record Started(String paymentIntentId) implements PaymentFact {
    public static final String TYPE = "shop.payment.started.v1";
  }

  /** The customer was charged. */
  record Captured(String paymentIntentId) implements PaymentFact {
    public static final String TYPE = "shop.payment.captured.v1";
  }

  /**
   * The payment provider declined the payment, or does not accept its payment method or amount;
   * nothing was charged.
   *
   * @param paymentIntentId null if the provider did not create an intent. A fact without it is
   *     ignored if an intent was reported before
   * @param reason the provider's code
   */
  record Declined(@Nullable String paymentIntentId, String reason) implements PaymentFact {
    public static final String TYPE = "shop.payment.declined.v1";
  }

  /**
   * Nothing was and nothing will be charged.
   *
   * @param paymentIntentId the intent that was cancelled; null if none was started. A fact without
   *     it is ignored if an intent was reported before
   */
  record Voided(@Nullable String paymentIntentId) implements PaymentFact {
    public static final String TYPE = "shop.payment.voided.v1";
  }

  /** A refund was made. */
  record Refunded(UUID refundId, Money amount) implements PaymentFact {
    public static final String TYPE = "shop.payment.refunded.v1";
  }

  /** A refund failed. */
  record RefundFailed(UUID refundId, Money amount, String reason) implements PaymentFact {
    public static final String TYPE = "shop.payment.refund-failed.v1";
  }

  /** A refund failed after it had been made: the customer's bank has sent the amount back. */
  record RefundFailedLater(UUID refundId, Money amount, String reason) implements PaymentFact {
    public static final String TYPE = "shop.payment.refund-failed-later.v1";
  }

  /** Reads a record of {@code payments}; empty for types that do not affect an order's state. */
  static Optional<PaymentFact> read(String type, byte[] data) {
    return switch (type) {
      case Started.TYPE -> Optional.of(Json.read(data, Started.class));
      case Captured.TYPE -> Optional.of(Json.read(data, Captured.class));
      case Declined.TYPE -> Optional.of(Json.read(data, Declined.class));
      case Voided.TYPE -> Optional.of(Json.read(data, Voided.class));
      case Refunded.TYPE -> Optional.of(Json.read(data, Refunded.class));
      case RefundFailed.TYPE -> Optional.of(Json.read(data, RefundFailed.class));
      case RefundFailedLater.TYPE -> Optional.of(Json.read(data, RefundFailedLater.class));
      default -> Optional.empty();
    };
  }
}
