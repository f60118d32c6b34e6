package shop.payment.books;

import static shop.payment.books.JournalEntry.Account.CUSTOMERS;
import static shop.payment.books.JournalEntry.Account.PROVIDER;
import static shop.payment.books.JournalEntry.Account.REFUNDS_DUE;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import shop.payment.Intent;
import shop.payment.Payment;
import shop.payment.PaymentStatus;
import shop.payment.Refund;
import shop.payment.books.JournalEntry.Account;
import shop.payment.books.Posting.Turnover;

/** The double-entry ledger, derived from payments. */
public final class Ledger {

  private Ledger() {}

  /** The entries of one payment, oldest first; a refund that failed at once has none. */
  public static List<JournalEntry> entries(Payment payment) {
    return postings(payment).stream().map(JournalEntry::of).toList();
  }

  /** The postings of one payment, oldest first; a refund that failed at once has none. */
  public static List<Posting> postings(Payment payment) {
    if (payment.intent() == null || payment.status() != PaymentStatus.CAPTURED) {
      return List.of();
    }
    List<Posting> postings = new ArrayList<>();
    postings.add(charge(payment, payment.requireIntent()));
    payment.refunds().stream()
        .filter(refund -> refund.reducesRefundable() || refund.succeededAt() != null)
        .forEach(refund -> {
          postings.add(refundStarted(payment, refund));
          @Nullable Instant succeededAt = refund.succeededAt();
          if (succeededAt != null) {
            postings.add(refundSucceeded(payment, refund, succeededAt));
          }
          if (refund.status() == Refund.Status.FAILED_LATER) {
            postings.add(refundReturned(payment, refund));
          }
        });
    postings.removeIf(posting -> posting.amount().amount() <= 0);
    postings.sort(Comparator.comparing(Posting::at));
    return postings;
  }

  /** The balance of each account by currency; the accounts of a currency sum to zero. */
  public static SortedMap<String, Map<Account, Long>> balances(Stream<Turnover> turnovers) {
    SortedMap<String, Map<Account, Long>> balances = new TreeMap<>();
    turnovers.forEach(turnover -> {
      var accounts =
          balances.computeIfAbsent(turnover.amount().currency(), _ -> new EnumMap<>(Account.class));
      long amount = turnover.amount().amount();
      accounts.merge(turnover.debit(), amount, Math::addExact);
      accounts.merge(turnover.credit(), -amount, Math::addExact);
    });
    return balances;
  }

  private static Posting charge(Payment payment, Intent intent) {
    return new Posting(
        payment.orderId(),
        payment.orderId(),
        "charged",
        PROVIDER,
        CUSTOMERS,
        intent.amount(),
        payment.decidedAt());
  }

  private static Posting refundStarted(Payment payment, Refund refund) {
    return of(payment, refund, "refund promised", CUSTOMERS, REFUNDS_DUE, refund.startedAt());
  }

  private static Posting refundSucceeded(Payment payment, Refund refund, Instant at) {
    return of(payment, refund, "refund paid", REFUNDS_DUE, PROVIDER, at);
  }

  /** The PSP has the amount again, and it can be refunded again. */
  private static Posting refundReturned(Payment payment, Refund refund) {
    return of(payment, refund, "refund failed later", PROVIDER, CUSTOMERS, refund.updatedAt());
  }

  private static Posting of(
      Payment payment, Refund refund, String fact, Account debit, Account credit, Instant at) {
    return new Posting(payment.orderId(), refund.id(), fact, debit, credit, refund.amount(), at);
  }
}
