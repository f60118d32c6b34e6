package shop.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bulk retry, computed from the log; the same on every instance.
 *
 * @param plan what was decided
 * @param cancelledBy the admin who cancelled it, if any
 * @param progress its counts so far
 */
public record BulkRetry(UUID id, Plan plan, @Nullable UUID cancelledBy, Progress progress) {

  /** A running bulk retry writes requests more often, unless its instance or Kafka is down. */
  private static final Duration INACTIVITY_TIMEOUT = Duration.ofSeconds(10);

  /**
   * What an admin decided.
   *
   * @param filter of the entries to retry, as it was requested
   * @param matched entries that waited for a decision and matched the filter
   * @param skipped those of them whose service accepts no redrives
   */
  public record Plan(
      UUID by,
      @Nullable String reason,
      Map<String, String> filter,
      int ratePerSecond,
      int matched,
      int skipped,
      Instant at) {

    public Plan {
      filter = Map.copyOf(filter);
    }
  }

  /**
   * Counts of entries.
   *
   * @param sent requests that took effect
   * @param refused requests without effect, because another action on the entry was first
   * @param resolved sent entries that their service processed
   * @param failed sent entries that failed again
   * @param last time of the latest request
   */
  public record Progress(int sent, int refused, int resolved, int failed, Instant last) {
    public static final Progress NONE = new Progress(0, 0, 0, 0, Instant.EPOCH);
  }

  /** The status of a bulk retry. */
  public enum Status {
    /** It is sending. */
    RUNNING,
    /** Everything is sent. */
    DONE,
    /** An admin cancelled it. Entries that were not sent are unchanged. */
    CANCELLED,
    /** It has written no request for a while. Unsent entries are unchanged and can be retried. */
    INTERRUPTED
  }

  /** Entries not sent: their service accepts no redrives, or another action was first. */
  public int skipped() {
    return plan.skipped() + progress.refused();
  }

  public Status status(Instant now) {
    if (progress.sent() + skipped() >= plan.matched()) {
      return Status.DONE;
    }
    if (cancelledBy != null) {
      return Status.CANCELLED;
    }
    Instant last = progress.last().isAfter(plan.at()) ? progress.last() : plan.at();
    return last.plus(INACTIVITY_TIMEOUT).isBefore(now) ? Status.INTERRUPTED : Status.RUNNING;
  }
}
