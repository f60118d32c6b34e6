package shop.sandbox.ledger;

/** Where a line lies in the ledger file, in bytes. */
public record Span(long offset, int length) {}
