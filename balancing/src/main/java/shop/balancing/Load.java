package shop.balancing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How busy and how fast an instance is. Outlives every list of candidates. Thread-safe.
 *
 * <p>Calls in flight are an {@link AtomicLong}: an exact number in one read, where a LongAdder
 * would sum its cells, since each choice reads it of two to all instances. Writes spread over the
 * instances anyway.
 *
 * <p>Response times are a peak EWMA (Finagle's {@code PeakEwma}): a higher one counts at once, a
 * lower one moves the average by 1 − e^(−time since the last / decay). Two additions:
 *
 * <ul>
 *   <li>A failure counts as an answer after the decay (10 s), averaged: an instance that fails fast
 *       looks slow, in proportion to its share of failures.
 *   <li>An average that is older than the decay is forgotten, and an instance without one is cheap
 *       once per decay: it gets a single call as a probe, the rest once it has answered.
 * </ul>
 */
public final class Load {
  public static final Duration DEFAULT_DECAY = Duration.ofSeconds(10);

  /**
   * Nanoseconds for an instance that is being probed: above every real response time, small enough
   * that a call more still makes a difference in a double (finagle#449).
   */
  private static final double UNKNOWN = 3.6e12;

  private final LoadGroup group;
  private final long decay;
  private final AtomicLong inFlight = new AtomicLong();
  private final AtomicReference<@Nullable Average> average = new AtomicReference<>();
  private volatile @Nullable Long probedAt;

  /** In a group of its own and with the default decay. */
  public Load() {
    this(new LoadGroup(), DEFAULT_DECAY);
  }

  /**
   * An instance with nothing in flight.
   *
   * @param group shared by the instances among which calls are balanced
   * @param decay how long a response time counts
   * @throws IllegalArgumentException if the decay is not positive
   */
  public Load(LoadGroup group, Duration decay) {
    if (!decay.isPositive()) {
      throw new IllegalArgumentException("The decay is " + decay + "; it must be positive");
    }
    this.group = group;
    this.decay = decay.toNanos();
  }

  /** Counts a call that is sent to the instance, until the lease ends. */
  public Lease begin(long now) {
    inFlight.incrementAndGet();
    group.begin();
    if (known(now) == null) {
      probedAt = now;
    }
    return new Lease(this, now);
  }

  void end() {
    inFlight.decrementAndGet();
    group.end();
  }

  /** Calls that have begun and not ended. */
  public long inFlight() {
    return inFlight.get();
  }

  LoadGroup group() {
    return group;
  }

  /** The peak EWMA of the response time in nanoseconds; 0 if none is known. */
  public double responseTime(long now) {
    Average known = known(now);
    return known == null ? 0 : known.nanos * weightOfPast(known, now);
  }

  /** What one more call would wait for: the response time multiplied by the calls in flight. */
  public double cost(long now) {
    Average known = known(now);
    if (known != null) {
      return known.nanos * weightOfPast(known, now) * (inFlight() + 1);
    }
    Long probed = probedAt;
    return probed == null || now - probed > decay ? 0 : UNKNOWN * (inFlight() + 1);
  }

  void answered(long elapsed, long now) {
    observe(elapsed, elapsed, now);
  }

  void failed(long elapsed, long now) {
    observe(elapsed, Math.max(elapsed, decay), now);
  }

  /**
   * Counts a call.
   *
   * @param elapsed its time, below which the average does not stay
   * @param counted what it is averaged as
   */
  private void observe(long elapsed, long counted, long now) {
    double peak = Math.max(1, elapsed);
    double sample = Math.max(1, counted);
    Average previous;
    Average next;
    do {
      previous = average.get();
      if (previous == null || now - previous.at > decay) {
        next = new Average(sample, now);
      } else {
        double past = weightOfPast(previous, now);
        double mean = previous.nanos * past + sample * (1 - past);
        next = new Average(Math.max(peak, mean), previous.at + Math.max(0, now - previous.at));
      }
    } while (!average.compareAndSet(previous, next));
  }

  private @Nullable Average known(long now) {
    Average current = average.get();
    return current == null || now - current.at > decay ? null : current;
  }

  /** 1 for an average of this moment or, seen by another thread, of the next one. */
  private double weightOfPast(Average past, long now) {
    return Math.exp(-Math.max(0, now - past.at) / (double) decay);
  }

  private record Average(double nanos, long at) {}
}
