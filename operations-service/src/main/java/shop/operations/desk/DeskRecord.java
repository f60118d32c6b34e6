package shop.operations.desk;

import java.time.Instant;
import java.util.UUID;
import shop.operations.Action;
import shop.operations.BulkRetry;

/** What a record of {@code dead-letter-actions} says. */
public sealed interface DeskRecord {

  Instant at();

  /** An action on an entry. */
  record OnEntry(String entry, Action action, Instant at) implements DeskRecord {}

  /** A bulk retry was decided. */
  record JobStarted(UUID job, BulkRetry.Plan plan) implements DeskRecord {
    @Override
    public Instant at() {
      return plan.at();
    }
  }

  /** An admin stopped a bulk retry. */
  record JobCancelled(UUID job, UUID by, Instant at) implements DeskRecord {}
}
