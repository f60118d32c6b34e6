package shop.bench.balancing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import shop.balancing.Algorithm;

/**
 * Writes the plots of docs/load-balancing.md, from simulations with fixed seeds: the same numbers
 * each time.
 */
public final class BalancingPlots {

  private static final double[] PERCENTILES = {50, 90, 95, 99, 99.5, 99.9};
  private static final int SECONDS = 40;

  private final Path folder;

  private BalancingPlots(Path folder) {
    this.folder = folder;
  }

  /** Argument: the folder. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("Usage: balancing FOLDER");
    }
    new BalancingPlots(Files.createDirectories(Path.of(arguments[0]))).write();
  }

  private void write() throws IOException {
    slowInstance();
    failingInstance();
    keys();
    newInstance();
  }

  private void slowInstance() throws IOException {
    Map<String, List<Double>> latencies = Chart.ordered();
    Map<String, Double> shares = Chart.ordered();
    for (var algorithm : SimulatedFleet.unkeyed()) {
      var fleet = new SimulatedFleet(algorithm).withOneSlow().run();
      latencies.put(
          algorithm.toString(),
          DoubleStream.of(PERCENTILES)
              .mapToObj(percent -> fleet.responseTimes().at(percent) / 1e6)
              .toList());
      shares.put(algorithm.toString(), fleet.shareOfFirst());
    }
    var positions = DoubleStream.of(PERCENTILES).mapToObj(BalancingPlots::percentile).toList();
    save(
        "slow-instance.svg",
        Chart.lines(
            "Response time by percentile: one of ten twice as slow, 45 % load",
            positions, latencies, " ms"));
    save(
        "slow-instance-share.svg",
        Chart.bars("Calls that the slow one of ten gets", shares, "%.1f", " %", 0));
    print("ms", positions, latencies);
    System.out.println(shares);
  }

  private void failingInstance() throws IOException {
    Map<String, Double> failures = Chart.ordered();
    for (var algorithm : SimulatedFleet.unkeyed()) {
      failures.put(
          algorithm.toString(),
          new SimulatedFleet(algorithm).withOneFailingFast().run().failures());
    }
    save(
        "failing-instance.svg",
        Chart.bars(
            "Failed calls while one of ten fails within 1 ms, without ejection",
            failures,
            "%.1f",
            " %",
            10));
    System.out.println(failures);
  }

  private void keys() throws IOException {
    Map<String, Double> moved = Chart.ordered();
    moved.put("hash modulo n", KeyedCalls.movedByModulo());
    moved.putAll(KeyedCalls.of(KeyedCalls::moved, Algorithm.CONSISTENT_HASH, Algorithm.MAGLEV));
    save(
        "lost-instance.svg",
        Chart.bars("Keys that move when one of ten is lost", moved, "%.1f", " %", 10));
    var busiest =
        KeyedCalls.of(
            KeyedCalls::busiestOfPopularKeys,
            Algorithm.CONSISTENT_HASH,
            Algorithm.MAGLEV,
            Algorithm.BOUNDED_LOAD);
    save(
        "popular-keys.svg",
        Chart.bars(
            "Calls of the busiest of ten, in relation to the mean, with popular keys",
            busiest,
            "%.2f",
            " ×",
            1));
    System.out.println(moved);
    System.out.println(busiest);
  }

  private void newInstance() throws IOException {
    Map<String, List<Double>> shares = Chart.ordered();
    shares.put("slow start 30 s", NewInstance.share(Duration.ofSeconds(30), SECONDS));
    shares.put("no slow start", NewInstance.share(Duration.ZERO, SECONDS));
    var positions =
        IntStream.rangeClosed(0, SECONDS)
            .mapToObj(second -> second % 10 == 0 ? second + " s" : "")
            .toList();
    save(
        "new-instance.svg",
        Chart.lines("Calls that a new one of ten gets", positions, shares, " %"));
  }

  private static String percentile(double percent) {
    return percent == Math.rint(percent) ? "p" + (int) percent : "p" + percent;
  }

  private static void print(String unit, List<String> positions, Map<String, List<Double>> series) {
    System.out.println("| " + unit + " | " + String.join(" | ", positions) + " |");
    series.forEach((name, values) -> System.out.println(Chart.row(name, values, "%.1f")));
  }

  private void save(String name, String svg) throws IOException {
    Files.writeString(folder.resolve(name), svg);
  }
}
