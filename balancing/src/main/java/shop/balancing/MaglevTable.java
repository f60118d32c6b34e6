package shop.balancing;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing by a table: each endpoint has its own random order of the entries, and in turn
 * takes the next free one; a lighter endpoint has fewer turns. A call that has tried the owner of
 * its entry goes to the entries after it.
 *
 * <p>Source: Eisenbud et al., Maglev: A Fast and Reliable Software Network Load Balancer (NSDI
 * 2016), section 3.4; weights as in Envoy's {@code MAGLEV}. Trade-off: exactly even shares and one
 * read per choice, but when an endpoint is lost some keys of others move as well: in all 1.02 times
 * its own of 10 endpoints, 1.6 times of 100, 7 times of 1,000.
 */
public final class MaglevTable implements Balancer {
  /** A prime, and at least 100 times the endpoints for even shares. */
  static final int SIZE = 65_537;

  private static final int FREE = -1;

  private final Endpoint[] endpoints;
  private final int[] owners;

  public MaglevTable(Candidates candidates) {
    endpoints = candidates.toArray();
    owners = endpoints.length == 0 ? new int[0] : fill(endpoints);
  }

  @Override
  public @Nullable Endpoint pick(Call call) {
    if (owners.length == 0) {
      return null;
    }
    int entry = (int) Long.remainderUnsigned(Hashing.mix(call.hash()), SIZE);
    for (int i = 0; i < SIZE; i++) {
      Endpoint owner = endpoint(entry);
      if (!call.hasTried(owner)) {
        return owner;
      }
      entry = entry + 1 == SIZE ? 0 : entry + 1;
    }
    return null;
  }

  Endpoint endpoint(int entry) {
    return endpoints[owners[entry]];
  }

  /** In each round the heaviest has one turn, another as often as its weight allows. */
  private static int[] fill(Endpoint[] endpoints) {
    Preference[] preferences =
        Arrays.stream(endpoints)
            .map(endpoint -> new Preference(Hashing.of(endpoint.instance().id())))
            .toArray(Preference[]::new);
    double largest = Arrays.stream(endpoints).mapToDouble(Endpoint::weight).max().orElseThrow();
    double[] due = new double[endpoints.length];
    int[] owners = new int[SIZE];
    Arrays.fill(owners, FREE);
    int filled = 0;
    for (double round = 0; ; round++) {
      for (int i = 0; i < endpoints.length; i++) {
        if (round < due[i]) {
          continue;
        }
        due[i] += largest / endpoints[i].weight();
        owners[preferences[i].nextFree(owners)] = i;
        if (++filled == SIZE) {
          return owners;
        }
      }
    }
  }

  /** An endpoint's own order of the entries: a start and a step. */
  private static final class Preference {
    private final int step;
    private int entry;

    Preference(long hash) {
      entry = (int) Long.remainderUnsigned(Hashing.nth(hash, 0), SIZE);
      step = 1 + (int) Long.remainderUnsigned(Hashing.nth(hash, 1), SIZE - 1);
    }

    int nextFree(int[] owners) {
      while (owners[entry] != FREE) {
        entry = (entry + step) % SIZE;
      }
      return entry;
    }
  }
}
