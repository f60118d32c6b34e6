package shop.sandbox.ledger;

import shop.sandbox.Fact;

/**
 * Receives every fact once, in order and from one thread at a time, starting with the replayed
 * facts.
 */
@FunctionalInterface
public interface FactListener {

  /** Called when the fact is durable, with the byte range of its line. */
  void on(Fact fact, FileRange range);
}
