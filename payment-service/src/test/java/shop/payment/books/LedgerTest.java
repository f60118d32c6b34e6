package shop.payment.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
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
  void booksBalanceAndNeverGiveBackMoreThanWasCharged(
      @ForAll @Size(max = 12) List<@IntRange(min = 1, max = 400) Integer> asked,
      @ForAll @Size(max = 12) List<@IntRange(max = 2) Integer> ends) {
    var payment = fold(null, started(1000), captured(1000));
    for (int i = 0; i < asked.size(); i++) {
      var id = UUID.nameUUIDFromBytes(new byte[] {(byte) i});
      var sum = new Money(asked.get(i), "EUR");
      payment = fold(payment, new PaymentEvent.RefundStarted(CUSTOMER, "pi_1", id, 1, sum));
      int end = i < ends.size() ? ends.get(i) : 0;
      boolean let = payment.refund(id).orElseThrow().takesFromTheSum();
      if (end == 1 && let) {
        payment = fold(payment, new PaymentEvent.Refunded(CUSTOMER, "pi_1", id, "re_" + i, sum));
      } else if (end == 2) {
        payment = fold(payment, new PaymentEvent.RefundFailed(CUSTOMER, "pi_1", id, sum, "no"));
      }
    }

    var balances = Ledger.balances(Stream.of(payment)).get("EUR");

    assertThat(balances.values().stream().mapToLong(Long::longValue).sum()).isZero();
    assertThat(balances.get(Account.PROVIDER))
        .isEqualTo(1000 - payment.refunded().orElseThrow().amount())
        .isNotNegative();
    assertThat(-balances.get(Account.CUSTOMERS)).isEqualTo(payment.left().amount()).isNotNegative();
  }

  @Test
  void whatWasNotChargedLeavesNoEntry() {
    assertThat(Ledger.entries(fold(null, started(100)))).isEmpty();
    assertThat(Ledger.entries(fold(null, new PaymentEvent.Voided(CUSTOMER, null)))).isEmpty();
  }

  @Test
  void entryThatDoesNotBalanceIsRefused() {
    var line = new JournalEntry.Line(Account.PROVIDER, new Money(1, "EUR"));

    assertThatThrownBy(() -> new JournalEntry(ORDER, AT, "charged", List.of(line)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Payment fold(Payment before, PaymentEvent... events) {
    var payment = before;
    for (var event : events) {
      payment = Payment.after(payment, ORDER, event, AT);
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
