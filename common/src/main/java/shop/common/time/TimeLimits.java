package shop.common.time;

import java.time.Duration;
import java.util.Map;

/**
 * Relations between time limits, checked when a service starts; docs/recipes.md lists them with
 * their reasons.
 */
public final class TimeLimits {

  private TimeLimits() {}

  /**
   * Requires that one limit is longer than another.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static void requireLonger(String name, Duration limit, String other, Duration shorter) {
    if (limit.compareTo(shorter) <= 0) {
      throw new IllegalArgumentException(
          "%s (%s) must be longer than %s (%s)".formatted(name, limit, other, shorter));
    }
  }

  /**
   * Requires that one limit is at least as long as another.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static void requireAtLeast(String name, Duration limit, String other, Duration least) {
    if (limit.compareTo(least) < 0) {
      throw new IllegalArgumentException(
          "%s (%s) must be at least %s (%s)".formatted(name, limit, other, least));
    }
  }

  /**
   * A time limit of a Kafka client.
   *
   * @param settings of the client
   * @param name of a setting in milliseconds, such as {@code delivery.timeout.ms}
   * @param usual Kafka's default, milliseconds
   */
  public static Duration ofClient(Map<String, ?> settings, String name, long usual) {
    Object value = settings.get(name);
    return Duration.ofMillis(value == null ? usual : Long.parseLong(value.toString()));
  }

  /** Until when a producer reports the outcome of a send. */
  public static Duration deliveryTimeout(Map<String, ?> producerSettings) {
    return ofClient(producerSettings, "delivery.timeout.ms", 120_000);
  }
}
