package shop.payment.books;

import java.time.Duration;
import java.util.Optional;

/** Stores how far each pass has come; all instances see it, and it survives restarts. */
public interface ReconciliationPasses {

  /** The pass of that age; empty before its first window. */
  Optional<ReconciliationPass> find(Duration age);

  /** Stores a pass and replaces the one of the same age. */
  void save(ReconciliationPass pass);
}
