package shop.balancing;

import java.time.Duration;

/**
 * Slow start as in Envoy and HAProxy: an instance that becomes available gets a small weight that
 * grows over a window, so that its caches and its compiler warm up before the full load. The others
 * carry more meanwhile, so weights count relative to the warmest instance: there is no slow start
 * when all are equally new.
 *
 * <p>Weights grow in steps of a tenth of the window, because each step rebuilds the tables of the
 * algorithm. Instances that become available within one step start together.
 */
public final class SlowStart {
  private static final int STEPS = 10;

  /**
   * Settings of slow start.
   *
   * @param window how long it takes; zero for none
   * @param least the part of its weight with which an instance starts, above 0 so that it is never
   *     starved
   * @param aggression 1 grows linearly, more grows faster at first: (age / window) ^ (1 /
   *     aggression), as in Envoy
   */
  public record Settings(Duration window, double least, double aggression) {
    public static final Settings DEFAULT = new Settings(Duration.ofSeconds(30), 0.1, 1);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Settings {
      Ranges.notNegative("window", window);
      Ranges.within("least", least, 0.01, 1);
      Ranges.within("aggression", aggression, 0.1, 10);
    }

    /** The part of its weight that an instance of that age gets, {@link #least} to 1. */
    double factor(long age) {
      long step = window.toNanos() / STEPS;
      if (step == 0 || age >= window.toNanos()) {
        return 1;
      }
      long steps = Math.max(0, age) / step;
      double grown = steps / (double) STEPS;
      return Math.clamp(Math.pow(grown, 1 / aggression), least, 1);
    }
  }

  private boolean begun;
  private long latest;

  /** From when the age of an instance counts that becomes available now. */
  long begin(Settings settings, long now) {
    if (!begun || now - latest >= settings.window().toNanos() / STEPS) {
      begun = true;
      latest = now;
    }
    return latest;
  }
}
