package shop.bench.balancing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import shop.balancing.Algorithm;
import shop.balancing.Balancer;
import shop.balancing.Call;
import shop.balancing.Candidates;
import shop.balancing.Hashing;
import shop.balancing.Lease;

/** Where the algorithms that choose by a key send keys. */
final class KeyedCalls {

  private static final int KEYS = 100_000;
  private static final int CALLS = 200_000;
  private static final int IN_FLIGHT = 200;

  private KeyedCalls() {}

  /** Percent of the keys that change their instance when one of ten is lost. */
  static double moved(Algorithm algorithm) {
    var all = SimulatedFleet.candidates(SimulatedFleet.SIZE);
    var without = new Candidates(all.endpoints().subList(1, all.size()));
    var before = balancer(algorithm, all);
    var after = balancer(algorithm, without);
    int moved = 0;
    for (int key = 0; key < KEYS; key++) {
      if (!pick(before, key).equals(pick(after, key))) {
        moved++;
      }
    }
    return 100.0 * moved / KEYS;
  }

  /** What a hash modulo the number of instances would move. */
  static double movedByModulo() {
    int moved = 0;
    for (int key = 0; key < KEYS; key++) {
      long hash = Hashing.of("key-" + key);
      // The last of ten is lost.
      if (Long.remainderUnsigned(hash, 10) != Long.remainderUnsigned(hash, 9)) {
        moved++;
      }
    }
    return 100.0 * moved / KEYS;
  }

  /**
   * The calls of the busiest instance in relation to the mean, if keys are popular by Zipf's law:
   * one call in ten is for the most popular of 10,000. Some calls are in flight at any time.
   */
  static double busiestOfPopularKeys(Algorithm algorithm) {
    var balancer = balancer(algorithm, SimulatedFleet.candidates(SimulatedFleet.SIZE));
    double[] cumulated = zipf(10_000);
    var random = new Random(3);
    var counts = new HashMap<String, Integer>();
    var inFlight = new Lease[IN_FLIGHT];
    for (int n = 0; n < CALLS; n++) {
      int found = Arrays.binarySearch(cumulated, random.nextDouble());
      int key = found < 0 ? -found - 1 : found;
      var endpoint = Objects.requireNonNull(balancer.pick(new Call(Hashing.of("key-" + key))));
      counts.merge(endpoint.instance().id(), 1, Integer::sum);
      int slot = n % IN_FLIGHT;
      if (n >= IN_FLIGHT) {
        inFlight[slot].close();
      }
      inFlight[slot] = endpoint.load().begin(n);
    }
    return counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow()
        / ((double) CALLS / SimulatedFleet.SIZE);
  }

  /** Cumulated probabilities of keys in the order of their popularity. */
  private static double[] zipf(int keys) {
    double[] cumulated = new double[keys];
    double sum = 0;
    for (int rank = 1; rank <= keys; rank++) {
      sum += 1.0 / rank;
      cumulated[rank - 1] = sum;
    }
    for (int i = 0; i < keys; i++) {
      cumulated[i] /= sum;
    }
    return cumulated;
  }

  private static Balancer balancer(Algorithm algorithm, Candidates candidates) {
    return algorithm.balancer(candidates, new Random(2), () -> 0);
  }

  private static String pick(Balancer balancer, int key) {
    return Objects.requireNonNull(balancer.pick(new Call(Hashing.of("key-" + key))))
        .instance()
        .id();
  }

  /** By name. */
  static Map<String, Double> of(
      java.util.function.ToDoubleFunction<Algorithm> figure, Algorithm... algorithms) {
    Map<String, Double> values = Chart.ordered();
    for (var algorithm : algorithms) {
      values.put(algorithm.toString(), figure.applyAsDouble(algorithm));
    }
    return values;
  }
}
