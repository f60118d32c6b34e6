package shop.balancing;

/**
 * An instance that may be chosen now.
 *
 * @param load outlives this object: every list of candidates has the same for an instance
 * @param weight effective weight, above 0 to {@value Instance#MAX_WEIGHT}: the instance's own, less
 *     during slow start
 */
public record Endpoint(Instance instance, Load load, double weight) {
  /**
   * Checks the weight.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public Endpoint {
    if (!(weight > 0 && weight <= Instance.MAX_WEIGHT)) {
      throw new IllegalArgumentException(
          "The weight of %s is %s; allowed is above 0, to %d"
              .formatted(instance.id(), weight, Instance.MAX_WEIGHT));
    }
  }

  /** How much of its own weight the instance has now: 1, less during slow start. */
  double warmth() {
    return Math.min(1, weight / instance.weight());
  }
}
