package shop.balancing;

/**
 * An instance that may be chosen now.
 *
 * @param load outlives this object: every list of candidates has the same for an instance
 * @param weight effective weight, positive and finite: the instance's own, less during slow start
 */
public record Endpoint(Instance instance, Load load, double weight) {
  /**
   * Checks the weight.
   *
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public Endpoint {
    if (!(weight > 0) || weight == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "The weight of %s is %s; it must be positive and finite"
              .formatted(instance.id(), weight));
    }
  }

  /** How much of its own weight the instance has now: 1, less during slow start. */
  double warmth() {
    return Math.min(1, weight / instance.weight());
  }
}
