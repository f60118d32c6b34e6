package shop.balancing;

import java.time.Duration;

/** Checks of settings. */
final class Ranges {

  private Ranges() {}

  /**
   * Requires a number within limits; NaN is never.
   *
   * @throws IllegalArgumentException if it is not
   */
  static void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s is %s; allowed are %s to %s".formatted(name, value, least, most));
    }
  }

  /**
   * Requires a duration above zero and of less than a year, so that sums of a few do not overflow.
   *
   * @throws IllegalArgumentException if it is not
   */
  static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("%s is %s; it must be positive".formatted(name, value));
    }
    notNegative(name, value);
  }

  /**
   * Requires a duration of zero or more and less than a year.
   *
   * @throws IllegalArgumentException if it is not
   */
  static void notNegative(String name, Duration value) {
    if (value.isNegative() || value.toDays() >= 365) {
      throw new IllegalArgumentException(
          "%s is %s; it must be less than a year and not negative".formatted(name, value));
    }
  }
}
