package shop.balancing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Admits requests to a service as long as fewer than its limit are in flight; those of a low
 * priority up to a part of it, so that they are shed first. The limit follows the response times:
 * {@link GradientLimit}.
 *
 * <p>Check and count are one step: a limiter that reads the requests in flight, decides and then
 * counts admits more than its limit (Netflix' {@code AbstractPartitionedLimiter}). There is one
 * count for all priorities for the same reason. Thread-safe; admitting takes no lock and does not
 * allocate.
 */
public final class ConcurrencyLimiter {
  private static final long WINDOW = Duration.ofSeconds(1).toNanos();

  /** Of fewer response times the median says little; the window then lasts longer. */
  private static final int LEAST_SAMPLES = 20;

  /**
   * Limits of the limit.
   *
   * @param min requests that are always admitted, 1 to {@code max}; about as many as the service
   *     works on at a time, so that its response times there are without a long queue
   * @param max the limit of a service without overload, up to 1,000,000
   * @param latency a median of up to twice as much is never taken for overload
   */
  public record Settings(int min, int max, Duration latency) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Settings {
      Ranges.within("max", max, 1, 1_000_000);
      Ranges.within("min", min, 1, max);
      Ranges.positive("latency", latency);
    }
  }

  /**
   * What operators see.
   *
   * @param limit requests that may be in flight
   * @param inFlight requests that are
   * @param unloaded the response time without a queue, as far as known
   */
  public record Status(int limit, int inFlight, Duration unloaded) {}

  private final GradientLimit gradient;
  private final LatencyWindow window = new LatencyWindow();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong windowEnd;

  /** May miss a peak when two threads write at once: the next request repeats it. */
  private volatile int peak;

  private volatile long loweredAt;

  /**
   * A limiter with nothing in flight.
   *
   * @param now nanoseconds of the monotonic clock of all later times
   */
  public ConcurrencyLimiter(Settings settings, long now) {
    this.gradient = new GradientLimit(settings.min(), settings.max(), settings.latency().toNanos());
    this.windowEnd = new AtomicLong(now + WINDOW);
    this.loweredAt = now;
  }

  /** Counts a request in flight, which must be released once; false if it is to be shed. */
  public boolean tryAcquire(Priority priority) {
    int ceiling = priority.ceiling(gradient.limit());
    int before;
    do {
      before = inFlight.get();
      if (before >= ceiling) {
        return false;
      }
    } while (!inFlight.compareAndSet(before, before + 1));
    if (before >= peak) {
      peak = before + 1;
    }
    return true;
  }

  /** Ends a request that was admitted. */
  public void release() {
    inFlight.decrementAndGet();
  }

  /** Reports the time that the service took to respond, nanoseconds. */
  public void responded(long elapsed, long now) {
    // What was sent before the limit was lowered has waited in the queue of that time.
    if (now - elapsed - loweredAt >= 0) {
      window.add(elapsed);
    }
    long end = windowEnd.get();
    if (now - end >= 0 && windowEnd.compareAndSet(end, now + WINDOW)) {
      closeWindow(now);
    }
  }

  /**
   * Reports that the service has not responded: a failure, a timeout, a client that left. Says
   * something only if that took longer than an overloaded service takes: a fast failure is no fast
   * response.
   */
  public void notResponded(long elapsed, long now) {
    if (elapsed > GradientLimit.TOLERANCE * gradient.unloaded()) {
      responded(elapsed, now);
    }
  }

  private synchronized void closeWindow(long now) {
    if (window.count() < LEAST_SAMPLES) {
      return;
    }
    int before = gradient.limit();
    gradient.onWindow(window.median(), peak);
    window.clear();
    peak = inFlight.get();
    if (gradient.limit() < before) {
      loweredAt = now;
    }
  }

  /** The limit, and what is in flight of it. */
  public Status status() {
    return new Status(
        gradient.limit(), inFlight.get(), Duration.ofNanos((long) gradient.unloaded()));
  }
}
