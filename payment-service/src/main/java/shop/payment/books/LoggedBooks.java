package shop.payment.books;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Stream;
import shop.common.money.Money;
import shop.payment.Payment;
import shop.payment.Refund;
import shop.payment.books.JournalEntry.Account;

/**
 * The books in PostgreSQL, which follow the log of payments. Each method may throw a {@link
 * org.springframework.dao.DataAccessException}, and so may the streams while they are read.
 */
public interface LoggedBooks {

  /**
   * Waits until everything that is in the log now is booked.
   *
   * @throws shop.payment.LogUnavailable if it is not within the timeout
   */
  void readToEnd();

  /** Balances in minor units by currency and account; those of a currency sum to zero. */
  SortedMap<String, Map<Account, Long>> balances();

  /** The payments of some orders, as far as they are booked. */
  Map<UUID, Payment> payments(Collection<UUID> orderIds);

  /** The charges whose intents were started in a period, oldest first. */
  Stream<LoggedCharge> charges(Period period);

  /** The refunds that succeeded in a period, and have not failed later, oldest first. */
  Stream<LoggedRefund> refunds(Period period);

  /** When the oldest intent was started; empty if there is none. */
  Optional<Instant> oldestIntent();

  /** A charge in the log. */
  record LoggedCharge(UUID orderId, String intentId, Money amount) {
    static LoggedCharge of(Payment payment) {
      var intent = payment.requireIntent();
      return new LoggedCharge(payment.orderId(), intent.id(), intent.amount());
    }
  }

  /** A refund in the log. */
  record LoggedRefund(UUID orderId, String intentId, UUID refundId, String pspId, Money amount) {
    static LoggedRefund of(Payment payment, Refund refund) {
      return new LoggedRefund(
          payment.orderId(),
          payment.requireIntent().id(),
          refund.id(),
          requireNonNull(refund.pspId(), "A succeeded refund has the PSP's id"),
          refund.amount());
    }
  }
}
