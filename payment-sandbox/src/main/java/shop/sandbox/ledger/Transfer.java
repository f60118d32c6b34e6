package shop.sandbox.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Money that moved from one account to another; every amount leaves one and reaches one, so the
 * books balance by construction.
 *
 * @param seq 1, 2, 3 … in the order of the moves
 * @param amount minor units, positive
 * @param currency lower-case ISO 4217
 */
public record Transfer(
    long seq,
    Instant at,
    Kind kind,
    String paymentIntent,
    @Nullable String orderId,
    long amount,
    String currency,
    Account from,
    Account to) {

  /** What the move was. */
  public enum Kind {
    /** Money of a manual capture is set aside. */
    HOLD,
    /** Money reaches the merchant. */
    CHARGE,
    /** Money set aside goes back untaken. */
    RELEASE,
    /** Captured money goes back. */
    REFUND
  }

  /** Who has the money. */
  public enum Account {
    /** The cardholder. */
    CUSTOMER,
    /** Set aside by the bank. */
    HELD,
    /** The shop. */
    MERCHANT
  }
}
