package shop.payment.books;

import java.time.Instant;
import java.util.UUID;
import shop.common.money.Money;
import shop.payment.books.JournalEntry.Account;

/**
 * A posting of the journal: it moves an amount from one account to another, so the accounts sum to
 * zero whatever is posted.
 *
 * @param subject what is booked: the refund, or the order for its charge
 * @param fact what happened to it, such as {@code charged}; each is booked once
 * @param debit the account that receives the amount
 * @param credit the account that gives it
 * @param amount above zero
 */
public record Posting(
    UUID orderId,
    UUID subject,
    String fact,
    Account debit,
    Account credit,
    Money amount,
    Instant at) {

  /** What it adds to the turnover between its accounts. */
  public Turnover turnover() {
    return new Turnover(debit, credit, amount);
  }

  /** The sum of postings from one account to another, in one currency. */
  public record Turnover(Account debit, Account credit, Money amount) {}
}
