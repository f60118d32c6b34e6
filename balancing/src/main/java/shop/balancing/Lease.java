package shop.balancing;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One call's use of an instance. Counts as in flight until it is closed. A call without a
 * meaningful response time, such as an event stream, reports none. Thread-safe.
 */
public final class Lease implements AutoCloseable {
  private static final int BEGUN = 0;
  private static final int ANSWERED = 1;
  private static final int FAILED = 2;
  private static final int ENDED = 3;

  private final Load load;
  private final long begunAt;

  /** Only grows. */
  private final AtomicInteger state = new AtomicInteger(BEGUN);

  Lease(Load load, long begunAt) {
    this.load = load;
    this.begunAt = begunAt;
  }

  /** Reports the response time; has no effect after the first time, a failure or the end. */
  public void headersReceived(long now) {
    if (advance(ANSWERED)) {
      load.answered(now - begunAt, now);
    }
  }

  /**
   * Reports that the instance did not answer, answered with an error of its own or broke off its
   * answer; has no effect after the first time or the end. Does not end the lease.
   */
  public void failed(long now) {
    if (advance(FAILED)) {
      load.failed(now - begunAt, now);
    }
  }

  /** Ends it; a second call does nothing. */
  @Override
  public void close() {
    if (advance(ENDED)) {
      load.end();
    }
  }

  private boolean advance(int to) {
    return state.getAndAccumulate(to, Math::max) < to;
  }
}
