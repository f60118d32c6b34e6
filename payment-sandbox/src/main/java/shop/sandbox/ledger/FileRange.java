package shop.sandbox.ledger;

/** Where a line lies in the ledger file, in bytes. */
public record FileRange(long offset, int length) {}
