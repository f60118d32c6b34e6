package shop.payment.web;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.money.DeclineReason;
import shop.common.money.Money;
import shop.common.money.RefundFailureReason;
import shop.payment.Intent;
import shop.payment.Payment;
import shop.payment.PaymentStatus;
import shop.payment.Refund;

/**
 * A payment in a response. It has no amounts if it was voided before they were known.
 *
 * @param amount the order's total
 * @param captured the amount charged
 * @param refunded the amount refunded
 * @param paymentIntentId the PSP's id, for admins only
 * @param reason why it was declined: the code of a {@link DeclineReason}
 * @param providerCode the PSP's own code of the decline, for admins only
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
    @Nullable String providerCode,
    Instant updatedAt) {

  /**
   * A refund in a response.
   *
   * @param pspRefundId the PSP's id, for admins only
   * @param reason why it failed: the code of a {@link RefundFailureReason}
   * @param providerCode the PSP's own code of the failure, for admins only
   */
  record RefundView(
      UUID refundId,
      Refund.Status status,
      Money amount,
      @Nullable String pspRefundId,
      @Nullable String reason,
      @Nullable String providerCode,
      Instant updatedAt) {

    static RefundView of(Refund refund, boolean forAdmin) {
      @Nullable String code = refund.reason();
      return new RefundView(
          refund.id(),
          refund.status(),
          refund.amount(),
          forAdmin ? refund.pspId() : null,
          code == null ? null : RefundFailureReason.of(code).code(),
          forAdmin ? code : null,
          refund.updatedAt());
    }
  }

  static PaymentView of(Payment payment, boolean forAdmin) {
    @Nullable Intent intent = payment.intent();
    @Nullable String code = payment.reason();
    return new PaymentView(
        payment.orderId(),
        payment.status(),
        payment.amount(),
        payment.captured().orElse(null),
        payment.refunded().orElse(null),
        payment.refunds().stream().map(refund -> RefundView.of(refund, forAdmin)).toList(),
        forAdmin && intent != null ? intent.id() : null,
        code == null ? null : DeclineReason.of(code).code(),
        forAdmin ? code : null,
        payment.updatedAt());
  }
}
