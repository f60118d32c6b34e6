package shop.local;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a component that exits is restarted: after pauses that double, until it has run well.
 *
 * @param firstPause before the first restart
 * @param maxPause the longest pause
 * @param ranWell after this time of running, the backoff is reset
 * @param attempts restarts in a row, none of which ran well, before it is given up
 */
record RestartPolicy(Duration firstPause, Duration maxPause, Duration ranWell, int attempts) {
  /** The jitter, as a share of the pause: components that died together do not start together. */
  private static final double JITTER = 0.25;

  static final RestartPolicy DEFAULT =
      new RestartPolicy(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(1), 10);

  /** The pause before an attempt, counted from 1. */
  Duration pause(int attempt, RandomGenerator random) {
    double doubled = (double) firstPause.toMillis() * Math.pow(2, attempt - 1.0);
    double jitter = 1 + JITTER * (2 * random.nextDouble() - 1);
    return Duration.ofMillis((long) (Math.min(doubled, (double) maxPause.toMillis()) * jitter));
  }
}
