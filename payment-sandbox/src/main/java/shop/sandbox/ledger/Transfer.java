package shop.sandbox.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A transfer of money between two accounts; each amount is debited and credited once, so the
 * accounts balance by construction.
 *
 * @param seq 1, 2, 3 … in order of creation
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

  /** The kind of transfer. */
  public enum Kind {
    /** Money is held for a manual capture. */
    HOLD,
    /** Money reaches the merchant. */
    CHARGE,
    /** Held money that was not captured is returned. */
    RELEASE,
    /** Captured money is returned. */
    REFUND
  }

  /** The holder of the money. */
  public enum Account {
    /** The cardholder. */
    CUSTOMER,
    /** Held by the bank. */
    HELD,
    /** The shop. */
    MERCHANT
  }
}
