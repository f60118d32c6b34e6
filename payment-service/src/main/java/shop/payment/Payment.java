package shop.payment;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * The payment of an order, folded from the log. The first intent that the log names is the only one
 * that is ever confirmed, and the first result is the result: what another instance, or a repeated
 * try, says later changes nothing.
 *
 * @param intentId the intent that may be confirmed
 * @param reason why it was declined, if it was
 * @param updatedAt when the last event that counted happened
 */
public record Payment(
    UUID orderId,
    UUID customerId,
    Money amount,
    String intentId,
    PaymentStatus status,
    @Nullable String reason,
    Instant updatedAt) {

  /** The payment once one more event is known. */
  public static Payment after(
      @Nullable Payment before, UUID orderId, PaymentEvent event, Instant at) {
    if (before != null && (before.isSettled() || event instanceof PaymentEvent.Started)) {
      return before;
    }
    return switch (event) {
      case PaymentEvent.Started started -> of(orderId, started, PaymentStatus.STARTED, null, at);
      case PaymentEvent.Captured captured ->
          of(orderId, captured, PaymentStatus.CAPTURED, null, at);
      case PaymentEvent.Declined declined ->
          of(orderId, declined, PaymentStatus.DECLINED, declined.reason(), at);
    };
  }

  /** True if the result is known. */
  public boolean isSettled() {
    return status.isFinal();
  }

  private static Payment of(
      UUID orderId, PaymentEvent event, PaymentStatus status, @Nullable String reason, Instant at) {
    return new Payment(
        orderId, event.customerId(), event.amount(), event.paymentIntentId(), status, reason, at);
  }
}
