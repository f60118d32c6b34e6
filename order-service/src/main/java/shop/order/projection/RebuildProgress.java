package shop.order.projection;

import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The progress of rebuilding Redis from the log, for admins and metrics. */
public final class RebuildProgress {

  /** The phase of a rebuild. */
  public enum Phase {
    /** Redis was not checked yet, or is unreachable. */
    AWAY,
    /** Redis is full and rejects writes, so that the view cannot follow the log. */
    FULL,
    /** Orders that were in flight when Redis was lost may still reach the log. */
    WAITING_FOR_LATE_COMMANDS,
    /** The log is being applied to Redis. */
    READING,
    /** Redis holds all of the log. */
    OPEN
  }

  /**
   * The progress at one moment.
   *
   * @param since when the phase began
   * @param applied records that are applied, of those in {@code total}
   */
  public record Report(Phase phase, @Nullable Instant since, long applied, long total) {}

  private volatile Report report = new Report(Phase.AWAY, null, 0, 0);

  void enter(Phase phase, Instant now) {
    var last = report;
    if (last.phase() != phase) {
      report = new Report(phase, now, last.applied(), last.total());
    }
  }

  void update(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
    long total = ends.values().stream().mapToLong(Long::longValue).sum();
    long applied =
        ends.entrySet().stream()
            .mapToLong(end -> Math.min(end.getValue(), positions.getOrDefault(end.getKey(), 0L)))
            .sum();
    var last = report;
    report = new Report(last.phase(), last.since(), applied, total);
  }

  Phase phase() {
    return report.phase();
  }

  /** The current progress. */
  public Report report() {
    return report;
  }
}
