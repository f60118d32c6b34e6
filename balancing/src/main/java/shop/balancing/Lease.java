package shop.balancing;

import java.util.concurrent.atomic.AtomicBoolean;

/** One request's use of an instance. Thread-safe. */
public final class Lease implements AutoCloseable {
  private final Load load;
  private final AtomicBoolean ended = new AtomicBoolean();

  Lease(Load load) {
    this.load = load;
  }

  /** Ends it; a second call does nothing. */
  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      load.end();
    }
  }
}
