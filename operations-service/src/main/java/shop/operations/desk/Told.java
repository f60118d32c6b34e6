package shop.operations.desk;

import java.time.Instant;
import java.util.UUID;
import shop.operations.Action;
import shop.operations.Job;

/** What a record of {@code dead-letter-actions} says. */
public sealed interface Told {

  Instant at();

  /** An action on an entry. */
  record OnEntry(String entry, Action action, Instant at) implements Told {}

  /** A bulk retry was decided. */
  record JobStarted(UUID job, Job.Plan plan) implements Told {
    @Override
    public Instant at() {
      return plan.at();
    }
  }

  /** An admin stopped a bulk retry. */
  record JobCancelled(UUID job, UUID by, Instant at) implements Told {}
}
