package shop.payment.web;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;
import shop.payment.Payment;
import shop.payment.PaymentStatus;

/**
 * A payment as callers see it.
 *
 * @param paymentIntentId the PSP's id, for admins only
 * @param reason why it was declined, if it was
 */
record PaymentView(
    UUID orderId,
    PaymentStatus status,
    Money amount,
    @Nullable String paymentIntentId,
    @Nullable String reason,
    Instant updatedAt) {

  static PaymentView of(Payment payment, boolean forAdmin) {
    return new PaymentView(
        payment.orderId(),
        payment.status(),
        payment.amount(),
        forAdmin ? payment.intentId() : null,
        payment.reason(),
        payment.updatedAt());
  }
}
