package shop.bench.payments;

import static shop.bench.platform.Figures.percentile;
import static shop.bench.platform.Figures.text;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import shop.bench.platform.BenchPlatform;
import shop.bench.platform.Figures;

/**
 * Measures one payment-service with Kafka and the payment sandbox: the orders per second that it
 * completes while every call of the provider takes 200 ms, and the latency of the other orders
 * while some calls take 2 s.
 */
public final class Payments {

  private static final int LATENCY_MILLIS = 200;
  private static final int SLOW_MILLIS = 2_000;
  private static final double SLOW_SHARE = 0.05;
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final BenchPlatform platform;
  private final Options options;
  private final SandboxFaults sandbox;

  private Payments(BenchPlatform platform, Options options) throws IOException {
    this.platform = platform;
    this.options = options;
    String key = "sk_test_" + UUID.randomUUID().toString().replace("-", "");
    var provider =
        platform.start(
            "payment-sandbox",
            256,
            Map.of(
                "SANDBOX_API_KEY", key, "SANDBOX_DATA_DIR", platform.folder("sandbox").toString()));
    platform.start(
        "payment-service",
        256,
        Map.of(
            "PSP_BASE",
            provider.toString(),
            "PSP_API_KEY",
            key,
            "PSP_CALLS_PER_SECOND",
            "100000",
            "PSP_ENDPOINT_CALLS_PER_SECOND",
            "100000"));
    sandbox = new SandboxFaults(provider);
  }

  /** Arguments: {@link Options}. */
  public static void main(String[] arguments) throws Exception {
    var options = Options.of(arguments);
    var folder = Path.of(System.getenv().getOrDefault("SHOP_LOCAL", ".local"), "bench", "payments");
    try (var platform = new BenchPlatform(folder)) {
      var payments = new Payments(platform, options);
      try (var orders = new PlacedOrders(platform.kafka())) {
        payments.measure(orders);
      }
    }
  }

  private void measure(PlacedOrders orders) throws IOException, InterruptedException {
    var warmUp = orders.steadily(options.rate(), options.warmUp());
    orders.awaitSettled(warmUp, TIMEOUT);
    print("Warmed up with %,d orders at %d/s".formatted(warmUp.size(), options.rate()));
    if (options.isRecorded()) {
      platform.record("payment-service");
    }
    for (int i = 0; i < options.runs(); i++) {
      backlog(orders);
    }
    for (int latency : new int[] {LATENCY_MILLIS, 0}) {
      compare(orders, latency);
    }
    print("Orders with more than one result: " + orders.ordersWithSeveralResults());
  }

  /**
   * Places all orders at once and measures the completed orders per second, without the first and
   * the last tenth.
   */
  private void backlog(PlacedOrders orders) throws IOException, InterruptedException {
    sandbox.setLatency(LATENCY_MILLIS, 0, 0);
    var cpu = platform.cpu();
    var ids = orders.backlog(options.orders());
    orders.awaitSettled(ids, TIMEOUT);
    long[] ends = ids.stream().mapToLong(orders::settledAt).sorted().toArray();
    int tenth = ends.length / 10;
    double seconds = (ends[ends.length - 1 - tenth] - ends[tenth]) / 1e9;
    print(
        text(
            "%,d orders at once, every call %d ms: %.0f orders/s; CPU-ms per order: %s",
            ids.size(),
            LATENCY_MILLIS,
            (ends.length - 2 * tenth) / seconds,
            Figures.cpu(cpu, platform.cpu(), ids.size())));
  }

  /** Alternates runs without and with slow calls under the same load. */
  private void compare(PlacedOrders orders, int latency) throws IOException, InterruptedException {
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    for (int i = 0; i < options.runs(); i++) {
      without.add(steady(orders, latency, 0));
      with.add(steady(orders, latency, SLOW_MILLIS));
    }
    double before = percentile(without.stream().mapToDouble(Double::doubleValue).toArray(), 0.5);
    double after = percentile(with.stream().mapToDouble(Double::doubleValue).toArray(), 0.5);
    print(
        text(
            "p99 of the other orders, medians: %.0f ms without slow calls, %.0f ms with them: %+.0f"
                + " %%",
            before, after, 100 * (after / before - 1)));
  }

  /** Runs at a constant rate and returns the p99 of the orders without a slow call. */
  private double steady(PlacedOrders orders, int latency, int slow)
      throws IOException, InterruptedException {
    sandbox.setLatency(latency, slow, SLOW_SHARE);
    var cpu = platform.cpu();
    var ids = orders.steadily(options.rate(), options.seconds());
    orders.awaitSettled(ids, TIMEOUT);
    double[] others = millis(orders, ids, slow == 0 ? Double.MAX_VALUE : slow);
    var line =
        text(
            "%d orders/s, calls %d ms: p50 %.0f, p99 %.0f ms; CPU-ms per order: %s",
            options.rate(),
            latency,
            percentile(others, 0.5),
            percentile(others, 0.99),
            Figures.cpu(cpu, platform.cpu(), ids.size()));
    if (slow > 0) {
      int once = ids.size() - others.length;
      int twice = ids.size() - millis(orders, ids, 2.0 * slow).length;
      line +=
          text(
              "; %d calls took %d ms, %d orders took longer than that (%d longer than twice that)",
              sandbox.slowCalls(), slow, once, twice);
    }
    print(line);
    return percentile(others, 0.99);
  }

  private static double[] millis(PlacedOrders orders, Collection<String> ids, double below) {
    return ids.stream().mapToDouble(orders::millis).filter(millis -> millis < below).toArray();
  }

  private static void print(String text) {
    System.out.println(text);
  }
}
