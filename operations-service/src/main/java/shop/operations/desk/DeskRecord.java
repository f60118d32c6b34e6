package shop.operations.desk;

import java.time.Instant;
import java.util.UUID;
import shop.operations.Action;
import shop.operations.BulkRetry;

/** A parsed record of {@code dead-letter-actions}. */
public sealed interface DeskRecord {

  Instant at();

  /** An action on an entry. */
  record EntryAction(String entry, Action action, Instant at) implements DeskRecord {}

  /** An admin started a bulk retry. */
  record BulkRetryStarted(UUID id, BulkRetry.Plan plan) implements DeskRecord {
    @Override
    public Instant at() {
      return plan.at();
    }
  }

  /** An admin cancelled a bulk retry. */
  record BulkRetryCancelled(UUID id, UUID by, Instant at) implements DeskRecord {}
}
