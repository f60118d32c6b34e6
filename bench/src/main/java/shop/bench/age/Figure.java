package shop.bench.age;

/**
 * A measured value.
 *
 * @param name what it is
 * @param unit of the value
 * @param goal the largest ratio of the old platform's value to the young one's; the inverse ratio,
 *     if more is better; NaN if there is none
 * @param isMoreBetter whether it is a rate
 */
record Figure(String name, String unit, double goal, boolean isMoreBetter) {

  /** A value that must not grow with age beyond a ratio. */
  static Figure of(String name, String unit, double goal) {
    return new Figure(name, unit, goal, false);
  }

  /** A value for information. */
  static Figure of(String name, String unit) {
    return of(name, unit, Double.NaN);
  }

  /** A rate that must not fall with age beyond a ratio. */
  static Figure rate(String name, String unit, double goal) {
    return new Figure(name, unit, goal, true);
  }

  /** Old to young, or for a rate young to old: above 1 if the old platform is worse. */
  double ratio(double young, double old) {
    return isMoreBetter ? young / old : old / young;
  }
}
