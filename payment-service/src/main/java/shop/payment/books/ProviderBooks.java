package shop.payment.books;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * The charges and refunds in the PSP's books. Every call may throw a {@link
 * shop.payment.ProviderFailure}, and so may the streams while they are read.
 */
public interface ProviderBooks {

  /** The payment intents created in a period, newest first. */
  Stream<BookedCharge> charges(Period period);

  /** The refunds created in a period, newest first. */
  Stream<BookedRefund> refunds(Period period);

  /** Finds a charge by the intent's id. */
  Optional<BookedCharge> charge(String intentId);

  /** Finds a refund by the PSP's id. */
  Optional<BookedRefund> refund(String id);

  /**
   * A payment intent with the amount that it charged.
   *
   * @param orderId its order, if its metadata name one
   * @param received zero if it was not charged
   */
  record BookedCharge(
      String intentId, @Nullable String orderId, Money received, Instant createdAt) {}

  /**
   * A refund with the amount that it refunded.
   *
   * @param orderId its order, if its metadata name one
   * @param refundId our id, if its metadata name one
   * @param amount zero if it has not succeeded, or has failed after that
   * @param failureReason the PSP's failure code, if it failed
   */
  record BookedRefund(
      String id,
      @Nullable String intentId,
      @Nullable String orderId,
      @Nullable String refundId,
      Money amount,
      @Nullable String failureReason,
      Instant createdAt) {}
}
