package shop.balancing;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The active checks of one instance: says when the next one is due, and what the results mean. It
 * asks nobody itself. Rise and fall are HAProxy's; it notices an instance that fails without calls,
 * and costs a request per interval and instance.
 *
 * <p>The jitter only shortens an interval, so an instance that stops answering is out within fall ×
 * (interval + timeout). The first check is due at a random time within an interval: a gateway that
 * starts does not ask all instances at once. Guarded by the service's lock.
 */
public final class ActiveChecks {

  /** The result of one check. */
  public enum Result {
    /** It answered that it is ready. */
    READY,
    /** It answered that it is not ready. Takes out at once. */
    NOT_READY,
    /** No connection, no answer within the timeout, or one that is none of the above. */
    SILENT
  }

  /**
   * Settings of the checks.
   *
   * @param interval from the end of a check to the beginning of the next
   * @param timeout how long an answer may take
   * @param rise how many checks in succession must pass until an instance gets calls again
   * @param fall how many in succession must be silent until it gets none
   * @param jitter the greatest part of an interval that is left out, 0 to 1
   */
  public record Settings(Duration interval, Duration timeout, int rise, int fall, double jitter) {
    public static final Settings DEFAULT =
        new Settings(Duration.ofSeconds(2), Duration.ofSeconds(1), 2, 3, 0.1);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Settings {
      Ranges.positive("interval", interval);
      Ranges.positive("timeout", timeout);
      Ranges.within("rise", rise, 1, 100);
      Ranges.within("fall", fall, 1, 100);
      Ranges.within("jitter", jitter, 0, 1);
    }
  }

  private int ready;
  private int silent;
  private long due;

  /** The checks of an instance that is seen for the first time. */
  ActiveChecks(Settings settings, RandomGenerator random, long now) {
    due = now + (long) (random.nextDouble() * settings.interval().toNanos());
  }

  /**
   * True once if a check is due. The next one is due an interval after its result, or after its
   * timeout if the result never comes.
   */
  boolean begin(Settings settings, long now) {
    if (now - due < 0) {
      return false;
    }
    due = now + settings.timeout().toNanos() + settings.interval().toNanos();
    return true;
  }

  /**
   * Counts a result.
   *
   * @return what it means for the instance, null if nothing yet
   */
  Health.@Nullable Event on(
      Result result, Health health, Settings settings, RandomGenerator random, long now) {
    double part = 1 - settings.jitter() * random.nextDouble();
    due = now + (long) (part * settings.interval().toNanos());
    ready = result == Result.READY ? Math.min(ready + 1, settings.rise()) : 0;
    silent = result == Result.SILENT ? Math.min(silent + 1, settings.fall()) : 0;
    return switch (result) {
      case READY ->
          health == Health.NEW || ready >= settings.rise() ? Health.Event.CHECK_PASSED : null;
      case NOT_READY -> Health.Event.CHECK_REFUSED;
      case SILENT -> silent >= settings.fall() ? Health.Event.CHECKS_SILENT : null;
    };
  }
}
