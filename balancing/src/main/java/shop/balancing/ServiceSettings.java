package shop.balancing;

import java.util.function.Function;

/**
 * Settings of one service, replaced as a whole while it runs.
 *
 * @param algorithm makes the balancer of a group of instances
 * @param keyed whether the algorithm chooses by {@link Call#hash()}; the group is then chosen by it
 *     as well, so that a client stays on one side
 * @param panicPercent health is disregarded when fewer of the instances are available, 0 for never
 *     while one is
 * @param overprovisioning how much of the calls a group of instances can take in relation to its
 *     healthy share
 */
public record ServiceSettings(
    Function<Candidates, Balancer> algorithm,
    boolean keyed,
    ActiveChecks.Settings checks,
    Outliers.Settings outliers,
    SlowStart.Settings slowStart,
    int panicPercent,
    double overprovisioning) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public ServiceSettings {
    Ranges.within("panicPercent", panicPercent, 0, 100);
    Ranges.within("overprovisioning", overprovisioning, 1, 10);
  }

  /** The defaults of Envoy and HAProxy. */
  public static ServiceSettings of(Function<Candidates, Balancer> algorithm, boolean keyed) {
    return new ServiceSettings(
        algorithm,
        keyed,
        ActiveChecks.Settings.DEFAULT,
        Outliers.Settings.DEFAULT,
        SlowStart.Settings.DEFAULT,
        50,
        1.4);
  }
}
