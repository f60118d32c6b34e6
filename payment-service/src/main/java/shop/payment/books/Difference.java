package shop.payment.books;

import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * Something that the log of payments and the PSP do not tell alike.
 *
 * @param orderId whose it is, if known
 * @param paymentIntentId the PSP's id of the intent
 * @param refundId our id of the refund, if it is about one and known
 * @param pspRefundId the PSP's id of the refund, if it is about one
 * @param here what the log tells
 * @param there what the PSP tells
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

  /** Where money is missing. */
  public enum Kind {
    /** The PSP has moved money of which the log knows nothing. */
    MISSING_HERE,
    /** The log tells of money that the PSP has not moved. */
    MISSING_THERE,
    /** Both moved money, but not the same. */
    AMOUNT;

    static Kind of(Money here, Money there) {
      return here.amount() == 0 ? MISSING_HERE : there.amount() == 0 ? MISSING_THERE : AMOUNT;
    }
  }

  /** What the difference is about. */
  public enum Subject {
    CHARGE,
    REFUND
  }
}
