package shop.common.database;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Delays between attempts: doubled from attempt to attempt, with a jitter of half to one and a
 * half.
 */
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration MAX = Duration.ofSeconds(8);

  private final RandomGenerator random;
  private Duration next = FIRST;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The delay before the next attempt; between 250 ms and 12 s. */
  Duration next() {
    double millis = next.toMillis() * (0.5 + random.nextDouble());
    next = next.multipliedBy(2).compareTo(MAX) < 0 ? next.multipliedBy(2) : MAX;
    return Duration.ofMillis((long) millis);
  }

  /** The next attempt follows a success. */
  void reset() {
    next = FIRST;
  }
}
