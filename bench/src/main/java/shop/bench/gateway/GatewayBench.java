package shop.bench.gateway;

import static shop.bench.platform.Figures.percentile;
import static shop.bench.platform.Figures.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import shop.balancing.Algorithm;
import shop.balancing.simulation.PickCost;
import shop.bench.platform.BenchPlatform;

/**
 * Measures, in turn and with the same load on the same upstream, the gateway with its instances
 * fixed, balanced, with everything that an order's request passes, and from its cache, beside
 * nginx, HAProxy and a bare Spring Cloud Gateway.
 */
public final class GatewayBench {

  private static final String PRODUCT = "/products/ESPRESSO-1KG";
  private static final int PICKS = 1_000_000;

  private final Options options;
  private final WrkGet wrk;
  private final Map<String, List<Sample>> full = new LinkedHashMap<>();
  private final Map<String, List<Sample>> paced = new LinkedHashMap<>();

  private GatewayBench(Options options, WrkGet wrk) {
    this.options = options;
    this.wrk = wrk;
  }

  /** Arguments: {@link Options}. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var options = Options.of(arguments);
    var folder =
        Path.of(System.getenv().getOrDefault("SHOP_LOCAL", ".local"), "bench", "gateway")
            .toAbsolutePath();
    try (var platform = new BenchPlatform(folder);
        var proxies = new Proxies(folder, program("NGINX"), program("HAPROXY"));
        var gateway = new MeasuredGateway(platform, proxies.upstreamUrls())) {
      var bare =
          platform.start(
              "bare-gateway",
              Path.of("bench", "bare-gateway"),
              MeasuredGateway.HEAP,
              Map.of("UPSTREAM", proxies.upstreamUrls().getFirst()));
      var bench =
          new GatewayBench(
              options,
              new WrkGet(program("WRK"), Files.createDirectories(folder), options.connections()));
      bench.measure(
          List.of(
              proxies.nginxTarget(PRODUCT),
              proxies.haproxyTarget(PRODUCT),
              new Target(
                  "bare",
                  bare.resolve(PRODUCT),
                  () -> null,
                  () -> platform.cpu().getOrDefault("bare-gateway", 0L)),
              gateway.target("fixed", "/products/fixed", false),
              gateway.target("balanced", PRODUCT, false),
              gateway.target("order", "/orders/1", true),
              gateway.target("cached", "/products/cacheable", false)),
          gateway);
    }
  }

  private static String program(String variable) {
    var path = System.getenv(variable);
    if (path == null) {
      throw new IllegalStateException("Use ./measure gateway, which sets " + variable);
    }
    return path;
  }

  private void measure(List<Target> targets, MeasuredGateway gateway)
      throws IOException, InterruptedException {
    for (var target : targets) {
      if (options.warmUp() > 0) {
        wrk.full(target, options.warmUp());
      }
    }
    if (options.isRecorded()) {
      gateway.record();
    }
    var order = new ArrayList<>(targets);
    for (int turn = 0; turn < options.turns(); turn++) {
      for (var target : order) {
        add(full, target, wrk.full(target, options.seconds()));
      }
      Collections.rotate(order, 1);
    }
    // Half of what the slowest takes is an easy rate for all.
    double rate =
        full.values().stream()
                .mapToDouble(samples -> median(samples, Sample::perSecond))
                .min()
                .orElseThrow()
            / 2;
    for (int turn = 0; turn < options.turns(); turn++) {
      for (var target : order) {
        add(paced, target, wrk.paced(target, options.seconds(), rate));
      }
      Collections.rotate(order, 1);
    }
    print(rate);
  }

  private static void add(Map<String, List<Sample>> samples, Target target, Sample sample) {
    samples.computeIfAbsent(target.name(), _ -> new ArrayList<>()).add(sample);
  }

  private void print(double rate) {
    print(
        text(
            "%-10s %12s %12s %10s %10s %12s %10s %10s",
            "target",
            "CPU µs/req",
            "requests/s",
            "p50 ms",
            "p99 ms",
            "at " + Math.round(rate) + "/s",
            "p50 ms",
            "p99 ms"));
    full.forEach((name, samples) -> {
      var half = samplesOf(paced, name);
      print(
          text(
              "%-10s %12.1f %12.0f %10.2f %10.2f %12.1f %10.2f %10.2f",
              name,
              median(samples, Sample::cpuMicros),
              median(samples, Sample::perSecond),
              median(samples, Sample::p50),
              median(samples, Sample::p99),
              median(half, Sample::cpuMicros),
              median(half, Sample::p50),
              median(half, Sample::p99)));
    });
    print("");
    ratios().forEach(ratio -> print(ratio.toString()));
    print("");
    for (var algorithm : Algorithm.values()) {
      double few = PickCost.nanosPerPick(algorithm, 10, PICKS);
      double many = PickCost.nanosPerPick(algorithm, 1_000, PICKS);
      print(
          text(
              "a pick by %-22s %6.0f ns of 10, %7.0f ns of 1,000: %.1f%s",
              algorithm,
              few,
              many,
              many / few,
              algorithm == Algorithm.LEAST_CONNECTIONS ? "" : "  (≤ 5)"));
    }
  }

  private Stream<Ratio> ratios() {
    return Stream.of(
        cpu("CPU: balanced to fixed", 1.1, "balanced", "fixed"),
        cpu("CPU: order (token, rate limit, metrics, record) to fixed", 2.5, "order", "fixed"),
        cpu("CPU: fixed to a bare Spring Cloud Gateway", 1.25, "fixed", "bare"),
        cpu("CPU: public GET to nginx", 6, "balanced", "nginx"),
        cpu("CPU: public GET from the cache to nginx", 0, "cached", "nginx"),
        cpu("CPU: a bare Spring Cloud Gateway to nginx", 0, "bare", "nginx"),
        Ratio.of(
            "median latency at half load: balanced to bare",
            1.25,
            Sample::p50,
            samplesOf(paced, "balanced"),
            samplesOf(paced, "bare")));
  }

  private Ratio cpu(String name, double bar, String target, String reference) {
    return Ratio.of(
        name, bar, Sample::cpuMicros, samplesOf(full, target), samplesOf(full, reference));
  }

  private static List<Sample> samplesOf(Map<String, List<Sample>> samples, String name) {
    return samples.getOrDefault(name, List.of());
  }

  private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
    return percentile(samples.stream().mapToDouble(figure).toArray(), 0.5);
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
