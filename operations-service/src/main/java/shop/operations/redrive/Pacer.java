package shop.operations.redrive;

import java.time.Duration;

/**
 * A steady rate that catches up slowly after stalls: at most 2.5 % above the requested rate, in
 * bursts of at most 100 ms worth of permits, so that every window of at least five seconds stays
 * within 5 % above the rate.
 */
final class Pacer {

  private static final double CATCH_UP_FACTOR = 1.025;
  private static final double MAX_BURST = Duration.ofMillis(100).toNanos();
  private static final double MAX_LAG = Duration.ofMinutes(1).toNanos();

  private final double interval;
  private double due;
  private double earliest;

  /**
   * A pacer that starts now.
   *
   * @param now in nanoseconds of any monotonic clock
   */
  Pacer(int perSecond, long now) {
    this.interval = (double) Duration.ofSeconds(1).toNanos() / perSecond;
    this.due = now;
    this.earliest = now;
  }

  /** Takes the next permit and returns the delay before it may be used, in nanoseconds. */
  long delay(long now) {
    due = Math.max(due, now - MAX_LAG);
    earliest = Math.max(earliest, now - MAX_BURST);
    long delay = (long) Math.max(0, Math.max(due, earliest) - now);
    due += interval;
    earliest += interval / CATCH_UP_FACTOR;
    return delay;
  }
}
