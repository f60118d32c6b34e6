package shop.payment.messaging;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with jitter: {@code first} doubles with each failure up to {@code cap}, and
 * the delay is a random time between half of that and all of it, so that records which failed
 * together are not retried together.
 */
record Backoff(Duration first, Duration cap, RandomGenerator random) {

  private static final int DOUBLINGS = 30;

  /**
   * The delay before the next attempt.
   *
   * @param failures the number of failures so far, from 1
   */
  Duration after(int failures) {
    long full = first.toNanos();
    for (int n = 1; n < Math.min(failures, DOUBLINGS) && full < cap.toNanos(); n++) {
      full *= 2;
    }
    return jittered(Duration.ofNanos(Math.min(full, cap.toNanos())));
  }

  /** A random duration between half of the given one and all of it. */
  Duration jittered(Duration duration) {
    long half = Math.max(1, duration.toNanos() / 2);
    return Duration.ofNanos(half + random.nextLong(half));
  }
}
