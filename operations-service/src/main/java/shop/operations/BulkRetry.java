package shop.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bulk retry, as the log tells it; every instance tells the same.
 *
 * @param plan what was decided
 * @param cancelledBy the admin who stopped it, if one did
 * @param progress what came of it so far
 */
public record BulkRetry(UUID id, Plan plan, @Nullable UUID cancelledBy, Progress progress) {

  /** Nothing of a running job is heard of for longer only if its instance or Kafka is away. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  /**
   * What an admin decided.
   *
   * @param filter what it is to send back, as it was asked for
   * @param matched how many entries waited for a decision and fitted the filter
   * @param skipped how many of these belong to services that take nothing back
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
   * @param sent requests that counted
   * @param lost requests that came too late: another action on the entry was first
   * @param resolved of those sent, went through
   * @param failed of those sent, failed again
   * @param last when a request was made last
   */
  public record Progress(int sent, int lost, int resolved, int failed, Instant last) {
    public static final Progress NONE = new Progress(0, 0, 0, 0, Instant.EPOCH);
  }

  /** Where a job stands. */
  public enum Status {
    /** It sends. */
    RUNNING,
    /** All that was to be sent is sent. */
    DONE,
    /** An admin stopped it. What was not sent stays as it was. */
    CANCELLED,
    /** Nothing is heard of it: what was not sent stays as it was, and can be asked for again. */
    INTERRUPTED
  }

  /** Entries that were not sent, because they cannot be, or because another action was first. */
  public int skipped() {
    return plan.skipped() + progress.lost();
  }

  public Status status(Instant now) {
    if (progress.sent() + skipped() >= plan.matched()) {
      return Status.DONE;
    }
    if (cancelledBy != null) {
      return Status.CANCELLED;
    }
    Instant last = progress.last().isAfter(plan.at()) ? progress.last() : plan.at();
    return last.plus(SILENCE).isBefore(now) ? Status.INTERRUPTED : Status.RUNNING;
  }
}
