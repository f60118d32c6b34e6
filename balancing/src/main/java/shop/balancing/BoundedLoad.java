package shop.balancing;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The hash ring with a ceiling: no endpoint gets a call that would bring it above ⌈c × (calls in
 * flight + 1) × its share of the weights⌉; the call goes on along the ring to the first with room.
 * For a call that has tried some, the shares are those of the others, so that one always has room.
 * Choices that race may exceed the ceiling by their number.
 *
 * <p>Source: Mirrokni, Thorup and Zadimoghaddam, Consistent Hashing with Bounded Loads
 * (arXiv:1608.01350); HAProxy's {@code hash-balance-factor}. Trade-off: a popular key spreads over
 * several endpoints instead of overloading one; with a smaller c more calls leave their owner.
 */
public final class BoundedLoad implements Balancer {
  public static final double DEFAULT_FACTOR = 1.25;

  private final HashRing ring;
  private final Endpoint[] endpoints;
  private final LoadGroup[] groups;
  private final double factor;
  private final double weights;

  public BoundedLoad(Candidates candidates) {
    this(candidates, DEFAULT_FACTOR);
  }

  /**
   * Sums up the weights.
   *
   * @param factor c, how far above the mean an endpoint may be; more than 1
   * @throws IllegalArgumentException if the factor is not above 1 and finite
   */
  public BoundedLoad(Candidates candidates, double factor) {
    if (!(factor > 1) || factor == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "The factor of bounded load is " + factor + "; it must be above 1 and finite");
    }
    this.factor = factor;
    ring = new HashRing(candidates);
    endpoints = candidates.toArray();
    groups =
        Arrays.stream(endpoints)
            .map(endpoint -> endpoint.load().group())
            .distinct()
            .toArray(LoadGroup[]::new);
    weights = Arrays.stream(endpoints).mapToDouble(Endpoint::weight).sum();
  }

  @Override
  public @Nullable Endpoint pick(Call call) {
    double room = factor * (inFlight() + 1);
    double usable = call.tries() == 0 ? weights : untriedWeights(call);
    int start = ring.find(call);
    Endpoint first = null;
    for (int i = 0; i < ring.size(); i++) {
      Endpoint owner = ring.owner(start + i);
      if (call.hasTried(owner)) {
        continue;
      }
      if (owner.load().inFlight() < Math.ceil(room * owner.weight() / usable)) {
        return owner;
      }
      if (first == null) {
        first = owner;
      }
    }
    return first; // calls that began meanwhile have filled all
  }

  private long inFlight() {
    long sum = 0;
    for (LoadGroup group : groups) {
      sum += group.inFlight();
    }
    return sum;
  }

  private double untriedWeights(Call call) {
    double sum = 0;
    for (Endpoint endpoint : endpoints) {
      if (!call.hasTried(endpoint)) {
        sum += endpoint.weight();
      }
    }
    return sum;
  }
}
