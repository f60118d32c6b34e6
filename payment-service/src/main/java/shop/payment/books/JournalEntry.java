package shop.payment.books;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import shop.common.money.Money;

/**
 * One posting of the ledger. It balances: what one account gains, another loses.
 *
 * @param text what happened
 * @param lines debits above zero, credits below, in minor units of one currency
 */
public record JournalEntry(UUID orderId, Instant at, String text, List<Line> lines) {

  /** The sides of the business. */
  public enum Account {
    /** What customers were charged and have not been promised back; a credit. */
    CUSTOMERS,
    /** What the PSP holds for the shop; a debit. */
    PROVIDER,
    /** What was promised back and is not given back yet; a credit. */
    REFUNDS_DUE
  }

  /** What an entry does to one account. */
  public record Line(Account account, Money amount) {}

  /** Refuses an entry that does not balance. */
  public JournalEntry {
    lines = List.copyOf(lines);
    if (lines.stream().map(Line::amount).reduce(Money::plus).orElseThrow().amount() != 0) {
      throw new IllegalArgumentException("An entry of the ledger must balance: " + lines);
    }
  }

  static JournalEntry of(
      UUID orderId, Instant at, String text, Account debit, Account credit, Money amount) {
    return new JournalEntry(
        orderId,
        at,
        text,
        List.of(
            new Line(debit, amount),
            new Line(credit, Money.zero(amount.currency()).minus(amount))));
  }
}
