package shop.payment.messaging;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with jitter: {@code first} × 2, × 2 … up to {@code cap}, each time a random
 * share of it between a half and the whole, so that what failed together does not come together.
 */
record Backoff(Duration first, Duration cap, RandomGenerator random) {

  private static final int DOUBLINGS = 30;

  /**
   * How long to wait.
   *
   * @param failures so far, from 1
   */
  Duration after(int failures) {
    long full = first.toNanos();
    for (int n = 1; n < Math.min(failures, DOUBLINGS) && full < cap.toNanos(); n++) {
      full *= 2;
    }
    return jittered(Duration.ofNanos(Math.min(full, cap.toNanos())));
  }

  /** A random time between the half of one and the whole. */
  Duration jittered(Duration time) {
    long half = Math.max(1, time.toNanos() / 2);
    return Duration.ofNanos(half + random.nextLong(half));
  }
}
