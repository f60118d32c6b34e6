package shop.balancing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Envoy's outlier detection for one instance: after some failures in succession it is ejected for a
 * time that grows with each ejection and shrinks with each interval of good health. Notices within
 * a few calls what checks do not see; an error of the clients' making can eject a good instance, so
 * only a share of the instances may be ejected, and never the last one.
 *
 * <p>Failures are counted without a lock; the rest is guarded by the service's.
 */
public final class Outliers {

  /**
   * Settings of the detection.
   *
   * @param failures how many in succession eject an instance
   * @param ejection how long the first ejection lasts; the second lasts twice as long, and so on
   * @param longest how long an ejection lasts at most
   * @param interval how long an instance must be healthy until one of its ejections is forgotten
   * @param jitter the greatest part of an ejection that is left out, 0 to 1
   * @param maxPercent how many of the instances may be ejected at a time; one of two or more always
   *     may
   */
  public record Settings(
      int failures,
      Duration ejection,
      Duration longest,
      Duration interval,
      double jitter,
      int maxPercent) {

    /** Envoy's, but for the interval: slow start sends too few calls to prove much in 10 s. */
    public static final Settings DEFAULT =
        new Settings(
            5, Duration.ofSeconds(30), Duration.ofSeconds(300), Duration.ofSeconds(30), 0.1, 10);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Settings {
      Ranges.within("failures", failures, 1, 1_000_000);
      Ranges.positive("ejection", ejection);
      Ranges.positive("longest", longest);
      Ranges.positive("interval", interval);
      Ranges.within("jitter", jitter, 0, 1);
      Ranges.within("maxPercent", maxPercent, 0, 100);
    }

    /**
     * Whether one more instance may be ejected. The share counts it already.
     *
     * @param instances all of the service
     * @param ejected how many of them are ejected now
     * @param availableOthers how many get calls now, not counting the one to eject
     */
    boolean mayEject(int instances, int ejected, int availableOthers) {
      boolean withinShare = (ejected + 1) * 100L <= (long) maxPercent * instances;
      return availableOthers > 0 && (ejected == 0 || withinShare);
    }
  }

  private final AtomicInteger failures = new AtomicInteger();
  private int ejections;
  private long ejectedUntil;
  private boolean healthy;
  private long healthySince;

  /** A call has succeeded. */
  void succeeded() {
    if (failures.get() != 0) {
      failures.set(0);
    }
  }

  /** A call has failed. True if the ejection of the instance is to be decided now. */
  boolean failed(Settings settings) {
    return failures.incrementAndGet() >= settings.failures();
  }

  /**
   * Whether the ejection is still to be decided: several calls can fail at once. Resets the
   * counter, so a refused ejection is decided again after as many failures.
   */
  boolean decides(Settings settings) {
    if (failures.get() < settings.failures()) {
      return false;
    }
    failures.set(0);
    return true;
  }

  /** The instance is healthy from now on. Failures of earlier calls are forgotten. */
  void healthy(long now) {
    healthy = true;
    healthySince = now;
    failures.set(0);
  }

  /** The instance is not healthy from now on. */
  void unhealthy(Settings settings, long now) {
    ejections = ejections(settings, now);
    healthy = false;
  }

  /** The instance is ejected; {@link #unhealthy} was called before. */
  void eject(Settings settings, RandomGenerator random, long now) {
    long first = settings.ejection().toNanos();
    long longest = settings.longest().toNanos();
    long most = Math.max(1, Math.ceilDiv(longest, first));
    ejections = (int) Math.min(ejections + 1L, Math.min(most, Integer.MAX_VALUE));
    long time = ejections >= most ? longest : Math.min(first * ejections, longest);
    ejectedUntil = now + (long) (time * (1 - settings.jitter() * random.nextDouble()));
  }

  /** How much of the ejection is left at that time, nanoseconds; not positive if it is over. */
  long left(long now) {
    return ejectedUntil - now;
  }

  /** How many ejections are not forgotten yet; the next one lasts one step longer. */
  int ejections(Settings settings, long now) {
    long forgotten = healthy ? (now - healthySince) / settings.interval().toNanos() : 0;
    return (int) Math.max(0, ejections - Math.max(0, forgotten));
  }
}
