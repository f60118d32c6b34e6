package shop.common.lifecycle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The number of failures that are tolerated within a time window. */
public final class FailureBudget {

  private final int maxFailures;
  private final Duration window;
  private final Clock clock;
  private final Deque<Instant> recent = new ArrayDeque<>();

  public FailureBudget(int maxFailures, Duration window, Clock clock) {
    this.maxFailures = maxFailures;
    this.window = window;
    this.clock = clock;
  }

  /**
   * Records a failure and returns whether the number of failures in the window is still tolerated.
   */
  public synchronized boolean recordFailure() {
    Instant now = clock.instant();
    recent.removeIf(earlier -> earlier.isBefore(now.minus(window)));
    recent.addLast(now);
    return recent.size() <= maxFailures;
  }
}
