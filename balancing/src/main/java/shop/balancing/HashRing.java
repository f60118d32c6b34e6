package shop.balancing;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing: every endpoint owns points on a ring (virtual nodes, in proportion to its
 * weight), a key belongs to the first point at or after its hash. When an endpoint is lost, only
 * its own keys move. A call that has tried the owner goes to the next one on the ring.
 *
 * <p>Source: Karger et al., Consistent Hashing and Random Trees (1997); ketama, Envoy's {@code
 * RING_HASH}. Trade-off: the fewest keys move; shares deviate by about 1/√points (160: the largest
 * of 10 is about 1.12 of the mean), and a popular key is on one endpoint, see {@link BoundedLoad}.
 */
public final class HashRing implements Balancer {
  public static final int VIRTUAL_NODES = 160;

  /** Beyond this all endpoints get half of their points, a quarter, and so on. */
  static final int MAX_POINTS = 1 << 18;

  /** The low bits of a point are the endpoint's index, the others its place. */
  private static final int OWNER_BITS = 20;

  private static final long OWNER = (1L << OWNER_BITS) - 1;

  private final Endpoint[] endpoints;
  private final long[] points;

  /** With {@value #VIRTUAL_NODES} virtual nodes for a weight of 1. */
  public HashRing(Candidates candidates) {
    this(candidates, VIRTUAL_NODES);
  }

  /**
   * Places the endpoints.
   *
   * @param virtualNodes of an endpoint of weight 1
   * @throws IllegalArgumentException if there are more than about a million endpoints
   */
  public HashRing(Candidates candidates, int virtualNodes) {
    if (candidates.size() > OWNER) {
      throw new IllegalArgumentException("Too many endpoints: " + candidates.size());
    }
    endpoints = candidates.toArray();
    points = place(endpoints, pointsEach(endpoints, virtualNodes));
  }

  @Override
  public @Nullable Endpoint pick(Call call) {
    int start = find(call);
    for (int i = 0; i < points.length; i++) {
      Endpoint owner = owner(start + i);
      if (!call.hasTried(owner)) {
        return owner;
      }
    }
    return null;
  }

  /** How many points there are. */
  int size() {
    return points.length;
  }

  /** The index of the point that the call belongs to. */
  int find(Call call) {
    int found = Arrays.binarySearch(points, Hashing.mix(call.hash()) & ~OWNER);
    return found < 0 ? ~found : found;
  }

  /** The owner of a point; counts on from the first after the last. */
  Endpoint owner(int point) {
    return endpoints[(int) (points[point < points.length ? point : point - points.length] & OWNER)];
  }

  /**
   * The numbers depend on the weight of each alone, so that keys do not move when another changes;
   * the halving of all applies to very large or heavy lists only.
   */
  private static int[] pointsEach(Endpoint[] endpoints, int virtualNodes) {
    double perWeight = virtualNodes;
    while (true) {
      double scale = perWeight;
      double[] each =
          Arrays.stream(endpoints)
              .mapToDouble(endpoint -> Math.max(1, Math.rint(endpoint.weight() * scale)))
              .toArray();
      double sum = Arrays.stream(each).sum();
      if (sum <= Math.max(MAX_POINTS, endpoints.length)) {
        return Arrays.stream(each).mapToInt(count -> (int) count).toArray();
      }
      perWeight /= 2;
    }
  }

  private static long[] place(Endpoint[] endpoints, int[] pointsEach) {
    long[] points = new long[Arrays.stream(pointsEach).sum()];
    int next = 0;
    for (int i = 0; i < endpoints.length; i++) {
      long hash = Hashing.of(endpoints[i].instance().id());
      for (int node = 0; node < pointsEach[i]; node++) {
        points[next++] = (Hashing.nth(hash, node) & ~OWNER) | i;
      }
    }
    Arrays.sort(points);
    return points;
  }
}
