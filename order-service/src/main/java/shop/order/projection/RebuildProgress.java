package shop.order.projection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The progress of rebuilding Redis, for admins and metrics. */
@Component
public final class RebuildProgress {

  /** An estimate needs to have seen this much. */
  private static final Duration MIN_OBSERVED = Duration.ofSeconds(1);

  /** The phase of a rebuild. */
  public enum Phase {
    /** Redis was not checked yet, or is unreachable. */
    AWAY,
    /** Redis is full and rejects writes, so that the view cannot follow the log. */
    FULL,
    /** Redis is empty, and PostgreSQL, from which it is loaded, is unreachable. */
    DATABASE_AWAY,
    /** Redis is empty, and PostgreSQL does not hold yet what the log had when the rebuild began. */
    DATABASE_BEHIND,
    /** Redis is loaded from PostgreSQL, by this instance or another one. */
    LOADING,
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
   * @param applied records that are applied, to PostgreSQL while that is behind, of those in {@code
   *     total}; while Redis is loaded, the orders, products and adjustments it has
   * @param total 0 if unknown
   * @param secondsLeft an estimate from the phase's speed so far; null if unknown
   */
  public record Report(
      Phase phase, @Nullable Instant since, long applied, long total, @Nullable Long secondsLeft) {}

  private final Clock clock;
  private volatile Report report = new Report(Phase.AWAY, null, 0, 0, null);

  /** The first report of the phase with a count, from which the speed is measured. */
  private @Nullable Observation first;

  private record Observation(Instant at, long applied) {}

  RebuildProgress(Clock clock) {
    this.clock = clock;
  }

  synchronized void enter(Phase phase) {
    var last = report;
    if (last.phase() != phase) {
      report = new Report(phase, clock.instant(), last.applied(), last.total(), null);
      first = null;
    }
  }

  synchronized void update(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
    long total = ends.values().stream().mapToLong(Long::longValue).sum();
    long applied =
        ends.entrySet().stream()
            .mapToLong(end -> Math.min(end.getValue(), positions.getOrDefault(end.getKey(), 0L)))
            .sum();
    report = new Report(report.phase(), report.since(), applied, total, estimate(applied, total));
  }

  /** What of an unknown total has been written. */
  synchronized void update(long written) {
    report = new Report(report.phase(), report.since(), written, 0, null);
  }

  private @Nullable Long estimate(long applied, long total) {
    var now = clock.instant();
    if (first == null) {
      first = new Observation(now, applied);
    }
    var observed = Duration.between(first.at(), now);
    long progress = applied - first.applied();
    return observed.compareTo(MIN_OBSERVED) < 0 || progress <= 0
        ? null
        : Math.ceilDiv((total - applied) * observed.toMillis(), progress * 1000);
  }

  Phase phase() {
    return report.phase();
  }

  /** The current progress. */
  public Report report() {
    return report;
  }
}
