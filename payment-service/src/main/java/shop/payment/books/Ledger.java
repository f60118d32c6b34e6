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

/** The double-entry ledger. It is derived from the log of payments and stored nowhere. */
public final class Ledger {

  private Ledger() {}

  /** The entries of one payment, oldest first; a refund that failed at once has none. */
  public static List<JournalEntry> entries(Payment payment) {
    if (payment.intent() == null || payment.status() != PaymentStatus.CAPTURED) {
      return List.of();
    }
    List<JournalEntry> entries = new ArrayList<>();
    entries.add(charge(payment, payment.requireIntent()));
    payment.refunds().stream()
        .filter(refund -> refund.reducesRefundable() || refund.succeededAt() != null)
        .forEach(refund -> {
          entries.add(refundStarted(payment, refund));
          @Nullable Instant succeededAt = refund.succeededAt();
          if (succeededAt != null) {
            entries.add(refundSucceeded(payment, refund, succeededAt));
          }
          if (refund.status() == Refund.Status.FAILED_LATER) {
            entries.add(refundReturned(payment, refund));
          }
        });
    entries.sort(Comparator.comparing(JournalEntry::at));
    return entries;
  }

  /** The sum of all entries by currency and account; the accounts of a currency sum to zero. */
  public static SortedMap<String, Map<Account, Long>> balances(Stream<Payment> payments) {
    SortedMap<String, Map<Account, Long>> balances = new TreeMap<>();
    payments
        .flatMap(payment -> entries(payment).stream())
        .flatMap(entry -> entry.lines().stream())
        .forEach(line ->
            balances
                .computeIfAbsent(line.amount().currency(), _ -> new EnumMap<>(Account.class))
                .merge(line.account(), line.amount().amount(), Math::addExact));
    return balances;
  }

  private static JournalEntry charge(Payment payment, Intent intent) {
    return JournalEntry.of(
        payment.orderId(), payment.decidedAt(), "charged", PROVIDER, CUSTOMERS, intent.amount());
  }

  private static JournalEntry refundStarted(Payment payment, Refund refund) {
    return JournalEntry.of(
        payment.orderId(),
        refund.startedAt(),
        "refund promised",
        CUSTOMERS,
        REFUNDS_DUE,
        refund.amount());
  }

  private static JournalEntry refundSucceeded(Payment payment, Refund refund, Instant at) {
    return JournalEntry.of(
        payment.orderId(), at, "refund paid", REFUNDS_DUE, PROVIDER, refund.amount());
  }

  /** The PSP has the amount again, and it can be refunded again. */
  private static JournalEntry refundReturned(Payment payment, Refund refund) {
    return JournalEntry.of(
        payment.orderId(),
        refund.updatedAt(),
        "refund failed later",
        PROVIDER,
        CUSTOMERS,
        refund.amount());
  }
}
