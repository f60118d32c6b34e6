package shop.analytics.counting;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many failures within a time are borne. */
final class FailureBudget {

  private final int failures;
  private final Duration window;
  private final Clock clock;
  private final Deque<Instant> recent = new ArrayDeque<>();

  FailureBudget(int failures, Duration window, Clock clock) {
    this.failures = failures;
    this.window = window;
    this.clock = clock;
  }

  /** Takes note of a failure; false if that was one too many. */
  synchronized boolean allowsAnother() {
    Instant now = clock.instant();
    recent.removeIf(earlier -> earlier.isBefore(now.minus(window)));
    recent.addLast(now);
    return recent.size() <= failures;
  }
}
