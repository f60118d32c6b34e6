package shop.sandbox.ledger;

import shop.sandbox.Fact;

/** Receives every fact once, in order and from one thread at a time, before it is durable. */
@FunctionalInterface
public interface FactListener {

  /** Adds what the fact changes to the batch, which becomes durable and visible as a whole. */
  void on(Fact fact, LedgerStore.Batch batch);
}
