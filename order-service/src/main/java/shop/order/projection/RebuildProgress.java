package shop.order.projection;

import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How far Redis has been filled from the log; read by admins and metrics. */
public final class RebuildProgress {

  /** What Redis is waiting for. */
  public enum Phase {
    /** Not looked at yet, or not reachable. */
    AWAY,
    /** Orders that were on their way when it was lost may still land. */
    WAITING_FOR_LATE_COMMANDS,
    /** It is filled from the log. */
    READING,
    /** Nothing: it holds all of the log. */
    OPEN
  }

  /**
   * A picture of it.
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

  void read(Map<TopicPartition, Long> at, Map<TopicPartition, Long> ends) {
    long total = ends.values().stream().mapToLong(Long::longValue).sum();
    long applied =
        ends.entrySet().stream()
            .mapToLong(end -> Math.min(end.getValue(), at.getOrDefault(end.getKey(), 0L)))
            .sum();
    var last = report;
    report = new Report(last.phase(), last.since(), applied, total);
  }

  Phase phase() {
    return report.phase();
  }

  /** The picture of now. */
  public Report report() {
    return report;
  }
}
