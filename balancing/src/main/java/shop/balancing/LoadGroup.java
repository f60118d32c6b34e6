package shop.balancing;

import java.util.concurrent.atomic.LongAdder;

/**
 * Calls in flight at all instances of a service in one place. {@link BoundedLoad} reads it, so that
 * its cost does not grow with the number of instances. Thread-safe; written by every call and
 * seldom read, hence a {@link LongAdder}.
 */
public final class LoadGroup {
  private final LongAdder inFlight = new LongAdder();

  void begin() {
    inFlight.increment();
  }

  void end() {
    inFlight.decrement();
  }

  /** Calls that have begun and not ended. */
  public long inFlight() {
    return inFlight.sum();
  }
}
