package shop.payment.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import shop.common.money.Money;
import shop.payment.Payment;
import shop.payment.PaymentEvent;
import shop.payment.books.JournalEntry.Account;

class LedgerTest {

  private static final UUID ORDER = UUID.randomUUID();
  private static final UUID CUSTOMER = UUID.randomUUID();
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  @Property
  void ledgerBalancesAndRefundsNeverExceedTheCharge(
      @ForAll @Size(max = 12) List<@IntRange(min = 1, max = 400) Integer> amounts,
      @ForAll @Size(max = 12) List<@IntRange(max = 3) Integer> results) {
    var payment = fold(null, started(1000), captured(1000));
    for (int i = 0; i < amounts.size(); i++) {
      var id = UUID.nameUUIDFromBytes(new byte[] {(byte) i});
      var amount = new Money(amounts.get(i), "EUR");
      payment = fold(payment, new PaymentEvent.RefundStarted(CUSTOMER, "pi_1", id, 1, amount));
      int result = i < results.size() ? results.get(i) : 0;
      boolean accepted = payment.refund(id).orElseThrow().reducesRefundable();
      if (result % 2 == 1 && accepted) {
        payment = fold(payment, new PaymentEvent.Refunded(CUSTOMER, "pi_1", id, "re_" + i, amount));
        if (result == 3) {
          payment =
              fold(
                  payment,
                  new PaymentEvent.RefundFailedLater(
                      CUSTOMER, "pi_1", id, "re_" + i, amount, "closed"));
        }
      } else if (result == 2) {
        payment = fold(payment, new PaymentEvent.RefundFailed(CUSTOMER, "pi_1", id, amount, "no"));
      }
    }

    var balances = balances(payment);

    assertThat(balances.values().stream().mapToLong(Long::longValue).sum()).isZero();
    assertThat(balances.get(Account.PROVIDER))
        .isEqualTo(1000 - payment.refunded().orElseThrow().amount())
        .isNotNegative();
    assertThat(-balances.get(Account.CUSTOMERS))
        .isEqualTo(payment.refundable().amount())
        .isNotNegative();
  }

  @Test
  void refundThatFailedLaterIsPaidAndReturned() {
    var id = UUID.randomUUID();
    var amount = new Money(40, "EUR");
    var payment =
        fold(
            null,
            started(100),
            captured(100),
            new PaymentEvent.RefundStarted(CUSTOMER, "pi_1", id, 1, amount),
            new PaymentEvent.Refunded(CUSTOMER, "pi_1", id, "re_1", amount),
            new PaymentEvent.RefundFailedLater(CUSTOMER, "pi_1", id, "re_1", amount, "closed"));

    assertThat(Ledger.entries(payment))
        .extracting(JournalEntry::text)
        .containsExactly("charged", "refund promised", "refund paid", "refund failed later");
    assertThat(balances(payment))
        .containsEntry(Account.PROVIDER, 100L)
        .containsEntry(Account.REFUNDS_DUE, 0L)
        .containsEntry(Account.CUSTOMERS, -100L);
  }

  @Test
  void unchargedPaymentHasNoEntries() {
    assertThat(Ledger.entries(fold(null, started(100)))).isEmpty();
    assertThat(Ledger.entries(fold(null, new PaymentEvent.Voided(CUSTOMER, null)))).isEmpty();
  }

  @Test
  void entryThatDoesNotBalanceIsRejected() {
    var line = new JournalEntry.Line(Account.PROVIDER, new Money(1, "EUR"));

    assertThatThrownBy(() -> new JournalEntry(ORDER, AT, "charged", List.of(line)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Map<Account, Long> balances(Payment payment) {
    return Ledger.balances(Ledger.postings(payment).stream().map(Posting::turnover)).get("EUR");
  }

  private static Payment fold(Payment before, PaymentEvent... events) {
    var payment = before;
    for (var event : events) {
      payment = Payment.apply(payment, ORDER, event, AT);
    }
    return payment;
  }

  private static PaymentEvent started(long amount) {
    return new PaymentEvent.Started(CUSTOMER, "pi_1", 1, new Money(amount, "EUR"));
  }

  private static PaymentEvent captured(long amount) {
    return new PaymentEvent.Captured(CUSTOMER, "pi_1", new Money(amount, "EUR"));
  }
}
