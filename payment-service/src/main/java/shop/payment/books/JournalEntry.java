package shop.payment.books;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import shop.common.money.Money;

/**
 * A journal entry of the ledger. It balances: the sum of its lines is zero.
 *
 * @param text a description, such as {@code charged}
 * @param lines debits positive, credits negative, in minor units of one currency
 */
public record JournalEntry(UUID orderId, Instant at, String text, List<Line> lines) {

  /** The accounts of the ledger. */
  public enum Account {
    /** Charges of customers without started and succeeded refunds; a credit. */
    CUSTOMERS,
    /** The balance that the PSP holds for the shop; a debit. */
    PROVIDER,
    /** Refunds that have started and not succeeded yet; a credit. */
    REFUNDS_DUE
  }

  /** The amount by which an entry changes one account. */
  public record Line(Account account, Money amount) {}

  /** Rejects an entry that does not balance. */
  public JournalEntry {
    lines = List.copyOf(lines);
    if (lines.stream().map(Line::amount).reduce(Money::plus).orElseThrow().amount() != 0) {
      throw new IllegalArgumentException("A journal entry must balance: " + lines);
    }
  }

  static JournalEntry of(Posting posting) {
    var amount = posting.amount();
    return new JournalEntry(
        posting.orderId(),
        posting.at(),
        posting.fact(),
        List.of(
            new Line(posting.debit(), amount),
            new Line(posting.credit(), Money.zero(amount.currency()).minus(amount))));
  }
}
