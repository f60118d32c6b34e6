package shop.operations.redrive;

import java.time.Duration;

/**
 * A steady rate that makes up for stalls, but slowly: at most 2.5 % faster than asked for, and a
 * tenth of a second's worth at once, so that no window of five seconds or more has more than 5 %
 * too many.
 */
final class Pacer {

  private static final double HURRY = 1.025;
  private static final double AT_ONCE = Duration.ofMillis(100).toNanos();
  private static final double MOST_BEHIND = Duration.ofMinutes(1).toNanos();

  private final double interval;
  private double due;
  private double soonest;

  /**
   * A pace that starts now.
   *
   * @param now in nanoseconds of any clock
   */
  Pacer(int perSecond, long now) {
    this.interval = (double) Duration.ofSeconds(1).toNanos() / perSecond;
    this.due = now;
    this.soonest = now;
  }

  /** How long the next one has to wait, in nanoseconds; 0 if it is due. */
  long next(long now) {
    due = Math.max(due, now - MOST_BEHIND);
    soonest = Math.max(soonest, now - AT_ONCE);
    long wait = (long) Math.max(0, Math.max(due, soonest) - now);
    due += interval;
    soonest += interval / HURRY;
    return wait;
  }
}
