package shop.balancing;

import java.util.concurrent.atomic.LongAdder;

/** How busy an instance is. Outlives every list of candidates. Thread-safe. */
public final class Load {
  private final LongAdder inFlight = new LongAdder();

  /** Counts a request that is sent to the instance, until the lease ends. */
  public Lease begin() {
    inFlight.increment();
    return new Lease(this);
  }

  void end() {
    inFlight.decrement();
  }

  /** Requests that have begun and not ended. */
  public long inFlight() {
    return inFlight.sum();
  }
}
