package shop.sandbox.ledger;

/** The ledger cannot be opened, read or written; the message contains the remedy. */
public final class LedgerUnavailable extends RuntimeException {

  LedgerUnavailable(String message) {
    super(message);
  }

  LedgerUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
