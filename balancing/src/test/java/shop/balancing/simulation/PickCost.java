package shop.balancing.simulation;

import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import shop.balancing.Algorithm;
import shop.balancing.Balancer;
import shop.balancing.Call;
import shop.balancing.Candidates;
import shop.balancing.Endpoint;
import shop.balancing.Instance;
import shop.balancing.Load;
import shop.balancing.LoadGroup;

/** Measures the time of a choice, with some calls in flight. */
public final class PickCost {
  private PickCost() {}

  /** Prints a line for each algorithm: nanoseconds among 10 and among 1,000, and their ratio. */
  public static void main(String[] args) {
    for (Algorithm algorithm : Algorithm.values()) {
      double few = nanosPerPick(algorithm, 10, 1_000_000);
      double many = nanosPerPick(algorithm, 1000, 1_000_000);
      System.out.printf("%-22s %8.1f %8.1f %6.2f%n", algorithm, few, many, many / few);
    }
  }

  /** The best of five rounds after one to warm up. */
  public static double nanosPerPick(Algorithm algorithm, int instances, int picks) {
    Balancer balancer =
        algorithm.balancer(
            candidates(instances), () -> ThreadLocalRandom.current().nextLong(), System::nanoTime);
    int count = algorithm == Algorithm.LEAST_CONNECTIONS ? picks / 100 : picks;
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round <= 5; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        if (balancer.pick(new Call(i)) == null) {
          throw new IllegalStateException("No endpoint");
        }
      }
      if (round > 0) {
        best = Math.min(best, (System.nanoTime() - start) / (double) count);
      }
    }
    return best;
  }

  private static Candidates candidates(int count) {
    LoadGroup group = new LoadGroup();
    return new Candidates(
        IntStream.range(0, count)
            .mapToObj(i -> {
              URI address = URI.create("http://10.0.%d.%d:8080".formatted(i / 256, i % 256));
              Load load = new Load(group, Load.DEFAULT_DECAY);
              for (int calls = 0; calls < 3; calls++) {
                long now = System.nanoTime();
                load.begin(now - 1_000_000).headersReceived(now);
              }
              return new Endpoint(Instance.of("i" + i, address), load, 1);
            })
            .toList());
  }
}
