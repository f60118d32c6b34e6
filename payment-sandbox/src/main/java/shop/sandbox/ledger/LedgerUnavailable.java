package shop.sandbox.ledger;

/** The ledger file cannot be opened, read or written; the sentence says what to do. */
public final class LedgerUnavailable extends RuntimeException {

  LedgerUnavailable(String message) {
    super(message);
  }

  LedgerUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
