package shop.sandbox.ledger;

/** Byte range of a line in the ledger file. */
public record FileRange(long offset, int length) {}
