package shop.balancing;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the endpoint with the fewest calls in flight per weight, the new one included: the
 * minimum of (in flight + 1) / weight, as that is the load which the choice leads to. With in
 * flight / weight all idle endpoints would seem equal, and one at a tenth of its weight during slow
 * start would be chosen before a warm one that has a single call. Equal ones are chosen in turn.
 *
 * <p>Source: Envoy's weighted {@code LEAST_REQUEST}, HAProxy's {@code leastconn}. Trade-off: the
 * shortest queues for calls of very different length, but each choice scans all endpoints, several
 * gateways may choose the same one at the same time, and one that fails fast is always idle: use it
 * with outlier ejection.
 */
public final class LeastConnections implements Balancer {
  private final Endpoint[] endpoints;
  private final AtomicLong turn;

  public LeastConnections(Candidates candidates, RandomGenerator random) {
    this(candidates, random.nextLong());
  }

  LeastConnections(Candidates candidates, long start) {
    endpoints = candidates.toArray();
    turn = new AtomicLong(start);
  }

  @Override
  public @Nullable Endpoint pick(Call call) {
    Endpoint best = null;
    double least = Double.POSITIVE_INFINITY;
    int equals = 0;
    for (Endpoint endpoint : endpoints) {
      double load = load(endpoint);
      if (load > least || call.hasTried(endpoint)) {
        continue;
      }
      if (load < least || best == null) {
        best = endpoint;
        least = load;
        equals = 0;
      }
      equals++;
    }
    return equals > 1 ? inTurn(call, least, equals, best) : best;
  }

  /** The one whose turn it is; the first if loads have changed meanwhile. */
  private @Nullable Endpoint inTurn(Call call, double load, int equals, @Nullable Endpoint first) {
    int skipped = (int) Math.floorMod(turn.getAndIncrement(), (long) equals);
    for (Endpoint endpoint : endpoints) {
      if (load(endpoint) == load && !call.hasTried(endpoint) && skipped-- == 0) {
        return endpoint;
      }
    }
    return first;
  }

  private static double load(Endpoint endpoint) {
    return (endpoint.load().inFlight() + 1) / endpoint.weight();
  }
}
