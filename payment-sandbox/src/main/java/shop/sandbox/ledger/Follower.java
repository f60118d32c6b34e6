package shop.sandbox.ledger;

import shop.sandbox.Fact;

/** Sees every fact once, in order and by one thread at a time, first those of former lives. */
@FunctionalInterface
public interface Follower {

  /** A fact that is durable, and the place of its line. */
  void on(Fact fact, FileRange span);
}
