package shop.payment.books;

import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * A charge or refund that differs between the log of payments and the PSP.
 *
 * @param orderId its order, if known
 * @param paymentIntentId the PSP's id of the intent
 * @param refundId our id of the refund, if it is one and the id is known
 * @param pspRefundId the PSP's id of the refund, if it is one
 * @param here the amount in the log
 * @param there the amount at the PSP
 */
public record Difference(
    Kind kind,
    Subject subject,
    @Nullable String orderId,
    @Nullable String paymentIntentId,
    @Nullable String refundId,
    @Nullable String pspRefundId,
    Money here,
    Money there) {

  /** How the two sides differ. */
  public enum Kind {
    /** The PSP has moved money that the log does not have. */
    MISSING_HERE,
    /** The log has money that the PSP has not moved. */
    MISSING_THERE,
    /** Both have it, with different amounts. */
    AMOUNT;

    static Kind of(Money here, Money there) {
      return here.amount() == 0 ? MISSING_HERE : there.amount() == 0 ? MISSING_THERE : AMOUNT;
    }
  }

  /** What differs. */
  public enum Subject {
    CHARGE,
    REFUND
  }
}
