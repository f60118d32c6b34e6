package shop.payment.web;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;
import shop.payment.Intent;
import shop.payment.Payment;
import shop.payment.PaymentStatus;
import shop.payment.Refund;

/**
 * A payment in a response. It has no amounts if it was voided before it was started.
 *
 * @param amount the order's total
 * @param captured the amount charged
 * @param refunded the amount refunded
 * @param paymentIntentId the PSP's id, for admins only
 * @param reason the PSP's decline code, if it was declined
 */
record PaymentView(
    UUID orderId,
    PaymentStatus status,
    @Nullable Money amount,
    @Nullable Money captured,
    @Nullable Money refunded,
    List<RefundView> refunds,
    @Nullable String paymentIntentId,
    @Nullable String reason,
    Instant updatedAt) {

  /**
   * A refund in a response.
   *
   * @param pspRefundId the PSP's id, for admins only
   * @param reason the failure code, if it failed
   */
  record RefundView(
      UUID refundId,
      Refund.Status status,
      Money amount,
      @Nullable String pspRefundId,
      @Nullable String reason,
      Instant updatedAt) {

    static RefundView of(Refund refund, boolean forAdmin) {
      return new RefundView(
          refund.id(),
          refund.status(),
          refund.amount(),
          forAdmin ? refund.pspId() : null,
          refund.reason(),
          refund.updatedAt());
    }
  }

  static PaymentView of(Payment payment, boolean forAdmin) {
    @Nullable Intent intent = payment.intent();
    return new PaymentView(
        payment.orderId(),
        payment.status(),
        intent == null ? null : intent.amount(),
        payment.captured().orElse(null),
        payment.refunded().orElse(null),
        payment.refunds().stream().map(refund -> RefundView.of(refund, forAdmin)).toList(),
        forAdmin && intent != null ? intent.id() : null,
        payment.reason(),
        payment.updatedAt());
  }
}
