package shop.balancing;

/**
 * Envoy's priority levels and locality failover: calls stay in the client's zone, then its region,
 * as long as enough instances are healthy there. A group takes min(1, overprovisioning × its
 * healthy share) and the next one the rest, so that at 1.4 a group may lose 28 % of its instances
 * before calls leave. Near means fast and cheap; a small zone with many clients is the price.
 */
final class Regions {
  /** Sums of shares below 1 by rounding alone count as 1. */
  private static final double ROUNDING = 1e-9;

  private Regions() {}

  /**
   * The rank of an instance for a client: groups of lower rank are used first. Backups are the
   * last, however near.
   */
  static int rank(Instance instance, Locality client) {
    return 3 * instance.priority() + distance(instance.locality(), client);
  }

  /** 0 in the same zone, 1 in the same region, else 2. */
  private static int distance(Locality instance, Locality client) {
    if (client.region().isEmpty() || !client.region().equals(instance.region())) {
      return 2;
    }
    return client.zone().isEmpty() || !client.zone().equals(instance.zone()) ? 1 : 0;
  }

  /** Whether no group can take a call. */
  static boolean isNothingHealthy(double[] healthy) {
    return total(healthy, 1) == 0;
  }

  /** Whether the groups together can carry all calls. */
  static boolean suffice(double[] healthy, double overprovisioning) {
    return total(healthy, overprovisioning) >= 1 - ROUNDING;
  }

  /**
   * The shares of the calls, with the sum 1.
   *
   * @param healthy of each group, the nearest first, the healthy share, 0 to 1
   * @return all 0 if nothing is healthy
   */
  static double[] shares(double[] healthy, double overprovisioning) {
    double total = total(healthy, overprovisioning);
    double left = Math.min(1, total);
    var shares = new double[healthy.length];
    for (int n = 0; n < healthy.length && left > 0; n++) {
      double taken = Math.min(left, capacity(healthy[n], overprovisioning));
      left -= taken;
      shares[n] = taken / Math.min(1, total);
    }
    return shares;
  }

  private static double total(double[] healthy, double overprovisioning) {
    double total = 0;
    for (double share : healthy) {
      total += capacity(share, overprovisioning);
    }
    return total;
  }

  private static double capacity(double healthy, double overprovisioning) {
    return Math.min(1, overprovisioning * healthy);
  }
}
