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
 * Puts one payment-service under load, with Kafka and the payment sandbox and nothing else: how
 * many orders a second it completes while every call of the provider takes 200 ms, and what it
 * means for the other orders when some calls take 2 s.
 */
public final class Payments {

  private static final int LATENCY = 200;
  private static final int SLOW = 2_000;
  private static final double SHARE = 0.05;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final BenchPlatform stage;
  private final Options options;
  private final Sandbox sandbox;

  private Payments(BenchPlatform stage, Options options) throws IOException {
    this.stage = stage;
    this.options = options;
    String key = "sk_test_" + UUID.randomUUID().toString().replace("-", "");
    var provider =
        stage.start(
            "payment-sandbox",
            256,
            Map.of("SANDBOX_API_KEY", key, "SANDBOX_DATA_DIR", stage.folder("sandbox").toString()));
    stage.start(
        "payment-service", 256, Map.of("PSP_BASE", provider.toString(), "PSP_API_KEY", key));
    sandbox = new Sandbox(provider);
  }

  /** Arguments: {@link Options}. */
  public static void main(String[] arguments) throws Exception {
    var options = Options.of(arguments);
    var folder = Path.of(System.getenv().getOrDefault("SHOP_LOCAL", ".local"), "bench", "payments");
    try (var stage = new BenchPlatform(folder)) {
      var payments = new Payments(stage, options);
      try (var orders = new PlacedOrders(stage.kafka())) {
        payments.measure(orders);
      }
    }
  }

  private void measure(PlacedOrders orders) throws IOException, InterruptedException {
    var warm = orders.steadily(options.rate(), options.warmUp());
    orders.awaitSettled(warm, LIMIT);
    say("Warmed up with %,d orders at %d/s".formatted(warm.size(), options.rate()));
    if (options.isRecorded()) {
      stage.record("payment-service");
    }
    for (int i = 0; i < options.runs(); i++) {
      backlog(orders);
    }
    for (int latency : new int[] {LATENCY, 0}) {
      compare(orders, latency);
    }
    say("Orders with more than one result: " + orders.settledTwice());
  }

  /** All at once: how many a second are completed, the first and the last tenth aside. */
  private void backlog(PlacedOrders orders) throws IOException, InterruptedException {
    sandbox.late(LATENCY, 0, 0);
    var cpu = stage.cpu();
    var ids = orders.backlog(options.orders());
    orders.awaitSettled(ids, LIMIT);
    long[] ends = ids.stream().mapToLong(orders::settledAt).sorted().toArray();
    int tenth = ends.length / 10;
    double seconds = (ends[ends.length - 1 - tenth] - ends[tenth]) / 1e9;
    say(
        text(
            "%,d orders at once, every call %d ms: %.0f orders/s; CPU-ms an order: %s",
            ids.size(),
            LATENCY,
            (ends.length - 2 * tenth) / seconds,
            Figures.cpu(cpu, stage.cpu(), ids.size())));
  }

  /** The same load without and with slow calls, by turns. */
  private void compare(PlacedOrders orders, int latency) throws IOException, InterruptedException {
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    for (int i = 0; i < options.runs(); i++) {
      without.add(steady(orders, latency, 0));
      with.add(steady(orders, latency, SLOW));
    }
    double before = percentile(without.stream().mapToDouble(Double::doubleValue).toArray(), 0.5);
    double after = percentile(with.stream().mapToDouble(Double::doubleValue).toArray(), 0.5);
    say(
        text(
            "p99 of the others, medians: %.0f ms without slow calls, %.0f ms with them: %+.0f %%",
            before, after, 100 * (after / before - 1)));
  }

  /** One run; the p99 of the orders of which no call was slow. */
  private double steady(PlacedOrders orders, int latency, int slow)
      throws IOException, InterruptedException {
    sandbox.late(latency, slow, SHARE);
    var cpu = stage.cpu();
    var ids = orders.steadily(options.rate(), options.seconds());
    orders.awaitSettled(ids, LIMIT);
    double[] others = millis(orders, ids, slow == 0 ? Double.MAX_VALUE : slow);
    var line =
        text(
            "%d orders/s, calls %d ms: p50 %.0f, p99 %.0f ms; CPU-ms an order: %s",
            options.rate(),
            latency,
            percentile(others, 0.5),
            percentile(others, 0.99),
            Figures.cpu(cpu, stage.cpu(), ids.size()));
    if (slow > 0) {
      int once = ids.size() - others.length;
      int twice = ids.size() - millis(orders, ids, 2.0 * slow).length;
      line +=
          text(
              "; %d of the calls %d ms, %d orders slower than that (%d twice)",
              sandbox.struck(), slow, once, twice);
    }
    say(line);
    return percentile(others, 0.99);
  }

  private static double[] millis(PlacedOrders orders, Collection<String> ids, double below) {
    return ids.stream().mapToDouble(orders::millis).filter(millis -> millis < below).toArray();
  }

  private static void say(String text) {
    System.out.println(text);
  }
}
