package shop.balancing;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How the calls of clients at one place are divided among groups of instances. Immutable. */
final class Plan {
  /** 2^64 divided by the golden ratio, odd: multiplying by it spreads the bits of a hash. */
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final Balancer[] balancers;
  private final double[] upTo;

  /**
   * A plan.
   *
   * @param balancers of the groups, the nearest first
   * @param shares of the calls, with the sum 1 if there are groups
   */
  Plan(List<Balancer> balancers, double[] shares) {
    this.balancers = balancers.toArray(Balancer[]::new);
    this.upTo = new double[shares.length];
    double sum = 0;
    int last = 0;
    for (int n = 0; n < shares.length; n++) {
      sum += shares[n];
      upTo[n] = sum;
      last = shares[n] > 0 ? n : last;
    }
    for (int n = last; n < shares.length; n++) {
      upTo[n] = 1;
    }
  }

  /** Chooses a group by its share, or the nearest other one if the call has tried all of it. */
  @Nullable Endpoint pick(Call call, boolean keyed, RandomGenerator random) {
    if (balancers.length == 0) {
      return null;
    }
    int group = balancers.length == 1 ? 0 : group(keyed ? unit(call.hash()) : random.nextDouble());
    var picked = balancers[group].pick(call);
    for (int n = 0; picked == null && n < balancers.length; n++) {
      picked = n == group ? null : balancers[n].pick(call);
    }
    return picked;
  }

  private int group(double place) {
    int group = 0;
    while (place >= upTo[group]) {
      group++;
    }
    return group;
  }

  /**
   * A number from 0 to below 1 that depends on all bits of the hash, and not in the way in which
   * algorithms choose within the group: these would see only a part of the hashes otherwise.
   */
  private static double unit(long hash) {
    long mixed = (hash ^ (hash >>> 32)) * MIX;
    mixed = (mixed ^ (mixed >>> 29)) * MIX;
    return ((mixed ^ (mixed >>> 32)) >>> 11) * 0x1.0p-53;
  }
}
