package shop.payment;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/** What happened to the payment of an order; the data of the events on {@code payments}. */
public sealed interface PaymentEvent {

  /** Whose order it is. */
  UUID customerId();

  /** The event's type as consumers know it. */
  default String type() {
    return switch (this) {
      case Started _ -> Started.TYPE;
      case Captured _ -> Captured.TYPE;
      case Declined _ -> Declined.TYPE;
      case Voided _ -> Voided.TYPE;
      case RefundStarted _ -> RefundStarted.TYPE;
      case Refunded _ -> Refunded.TYPE;
      case RefundFailed _ -> RefundFailed.TYPE;
    };
  }

  /**
   * An intent exists; nothing is charged yet.
   *
   * @param attempt which try to pay the order made it, from 1
   */
  record Started(UUID customerId, String paymentIntentId, int attempt, Money amount)
      implements PaymentEvent {
    public static final String TYPE = "shop.payment.started.v1";
  }

  /** The customer was charged. */
  record Captured(UUID customerId, String paymentIntentId, Money amount) implements PaymentEvent {
    public static final String TYPE = "shop.payment.captured.v1";
  }

  /**
   * The PSP declined; nothing was charged.
   *
   * @param reason the PSP's code of why, such as {@code insufficient_funds}
   */
  record Declined(UUID customerId, String paymentIntentId, Money amount, String reason)
      implements PaymentEvent {
    public static final String TYPE = "shop.payment.declined.v1";
  }

  /**
   * Nothing was charged and nothing will be.
   *
   * @param paymentIntentId the intent that was cancelled at the PSP; without one it counts only if
   *     no intent was started before
   */
  record Voided(UUID customerId, @Nullable String paymentIntentId) implements PaymentEvent {
    public static final String TYPE = "shop.payment.voided.v1";
  }

  /**
   * A refund is about to be asked for; its sum is set aside.
   *
   * @param attempt numbers the PSP's idempotency key, from 1
   */
  record RefundStarted(
      UUID customerId, String paymentIntentId, UUID refundId, int attempt, Money amount)
      implements PaymentEvent {
    public static final String TYPE = "shop.payment.refund-started.v1";
  }

  /** The customer has money back. */
  record Refunded(
      UUID customerId, String paymentIntentId, UUID refundId, String pspRefundId, Money amount)
      implements PaymentEvent {
    public static final String TYPE = "shop.payment.refunded.v1";
  }

  /**
   * Nothing was given back under this id and nothing will be; the sum is free again.
   *
   * @param reason the PSP's code of why, or ours
   */
  record RefundFailed(
      UUID customerId, String paymentIntentId, UUID refundId, Money amount, String reason)
      implements PaymentEvent {
    public static final String TYPE = "shop.payment.refund-failed.v1";
  }
}
