package shop.payment;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/** An event of an order's payment; the data of the records of topic {@code payments}. */
public sealed interface PaymentEvent {

  /** The customer who placed the order. */
  UUID customerId();

  /** The event's type, {@code ce_type}. */
  default String type() {
    return switch (this) {
      case Started _ -> Started.TYPE;
      case Captured _ -> Captured.TYPE;
      case Declined _ -> Declined.TYPE;
      case Voided _ -> Voided.TYPE;
      case RefundStarted _ -> RefundStarted.TYPE;
      case Refunded _ -> Refunded.TYPE;
      case RefundFailed _ -> RefundFailed.TYPE;
      case RefundFailedLater _ -> RefundFailedLater.TYPE;
    };
  }

  /**
   * An intent was created; the customer is not charged yet.
   *
   * @param attempt the number of the attempt that created it, from 1
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
   * The PSP declined the charge, or does not accept its payment method or amount.
   *
   * @param paymentIntentId null if the PSP did not create an intent; such an event takes effect
   *     only if no intent was started before
   * @param reason the PSP's decline code or error code, such as {@code insufficient_funds}
   */
  record Declined(UUID customerId, @Nullable String paymentIntentId, Money amount, String reason)
      implements PaymentEvent {
    public static final String TYPE = "shop.payment.declined.v1";
  }

  /**
   * The customer was not charged and never will be.
   *
   * @param paymentIntentId the intent that was cancelled at the PSP; an event without one takes
   *     effect only if no intent was started before
   */
  record Voided(UUID customerId, @Nullable String paymentIntentId) implements PaymentEvent {
    public static final String TYPE = "shop.payment.voided.v1";
  }

  /**
   * A refund is about to be requested from the PSP; its amount is reserved.
   *
   * @param attempt numbers the PSP's idempotency key, from 1
   */
  record RefundStarted(
      UUID customerId, String paymentIntentId, UUID refundId, int attempt, Money amount)
      implements PaymentEvent {
    public static final String TYPE = "shop.payment.refund-started.v1";
  }

  /** The PSP has refunded the amount. */
  record Refunded(
      UUID customerId, String paymentIntentId, UUID refundId, String pspRefundId, Money amount)
      implements PaymentEvent {
    public static final String TYPE = "shop.payment.refunded.v1";
  }

  /**
   * Nothing was refunded under this id and nothing will be; its amount can be refunded again.
   *
   * @param reason the PSP's failure code, or one of ours
   */
  record RefundFailed(
      UUID customerId, String paymentIntentId, UUID refundId, Money amount, String reason)
      implements PaymentEvent {
    public static final String TYPE = "shop.payment.refund-failed.v1";
  }

  /**
   * A refund that had succeeded failed: the customer's bank has sent the amount back to the PSP. It
   * can be refunded again under another id.
   *
   * @param reason the PSP's failure code, such as {@code expired_or_canceled_card}
   */
  record RefundFailedLater(
      UUID customerId,
      String paymentIntentId,
      UUID refundId,
      String pspRefundId,
      Money amount,
      String reason)
      implements PaymentEvent {
    public static final String TYPE = "shop.payment.refund-failed-later.v1";
  }
}
