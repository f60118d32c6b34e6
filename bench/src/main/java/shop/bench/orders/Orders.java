package shop.bench.orders;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts the running platform under load and prints its throughput and latency. Three targets: the
 * whole platform through the gateway, until every order is settled; the baseline endpoint; one
 * order-service, called directly. While the last two are measured, the services downstream of the
 * topic of orders are suspended: only Kafka, Redis and the load tool share the machine, and the
 * downstream services catch up afterwards. The closed loops of the two targets alternate, because
 * the machine's speed varies.
 */
public final class Orders {

  /** The body of an order of one piece; its argument is the SKU. */
  public static final String BODY =
      """
      {"items":[{"sku":"%s","quantity":1}],"currency":"EUR","paymentMethod":"pm_card_visa","shippingAddress":\
      {"name":"Bench","line1":"1 Street","city":"Berlin","postalCode":"10115","country":"DE"}}\
      """;

  /** The consumers of the order log and the services that they call. */
  public static final List<String> DOWNSTREAM =
      List.of(
          "payment-service",
          "notification-service",
          "analytics-service",
          "operations-service",
          "payment-sandbox");

  /** The baseline endpoint requires no token. */
  private static final List<String> NO_TOKENS = List.of("none");

  /** More pieces of a product than a run can sell. */
  private static final long STOCK = 10_000_000;

  private final Options options;
  private final Map<String, String> environment;
  private final Path folder;
  private final Shop shop;
  private final Processes processes;
  private final Wrk wrk;
  private final List<Run> runs = new ArrayList<>();
  private List<String> bodies = List.of();

  private Orders(Options options, Map<String, String> environment) throws IOException {
    this.options = options;
    this.environment = environment;
    Path local = Path.of(environment.getOrDefault("SHOP_LOCAL", ".local"));
    folder = local.resolve("bench");
    shop = new Shop(environment);
    processes = new Processes(local.resolve("run"));
    wrk = new Wrk(Path.of(environment.getOrDefault("WRK", "wrk")), folder);
  }

  /** Arguments: {@link Options}. Environment: the variables that {@code ./measure} sets. */
  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.of(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    new Orders(options, System.getenv()).measure();
  }

  private void measure() throws IOException, InterruptedException {
    Map<String, Long> before = shop.stock();
    bodies = before.keySet().stream().map(BODY::formatted).toList();
    shop.adjust(deltas(before.keySet(), STOCK));
    String brokers = OrderLog.brokers(environment);
    try (var log = new OrderLog(brokers);
        @Nullable Shipping shipping = options.ship() ? new Shipping(shop, brokers) : null) {
      if (isSelected("platform")) {
        measurePlatform(log);
      }
      var unsettled = new ArrayList<UUID>();
      try (var _ = processes.suspend(DOWNSTREAM)) {
        unsettled.addAll(measureBaselineAndService(log));
      }
      awaitSettled(unsettled, log);
      if (shipping != null) {
        print(shipping.await(Duration.ofSeconds(options.drain())));
      }
      var memory = processes.memory();
      Table.print(runs, memory, System.out);
      var report = folder.resolve("orders.html");
      Report.write(report, runs, memory, log.placedPerSecond(), log.settledPerSecond());
      System.out.println("\nReport: " + report);
    } finally {
      restoreStock(before);
    }
  }

  private void measurePlatform(OrderLog log) throws IOException, InterruptedException {
    print(
        "Platform: warming up for %d s at %d orders/s".formatted(options.warmUp(), options.rate()));
    warmUp(
        seconds -> wrk.open(shop.gateway(), options.rate(), seconds, tokens(), bodies),
        log,
        OrderLog.ObservedOrder::isSettled);
    for (int i = 0; i < options.runs(); i++) {
      String loop = "open, %d/s".formatted(options.rate());
      run(
          "platform",
          loop,
          log,
          OrderLog.ObservedOrder::isSettled,
          tokens -> wrk.open(shop.gateway(), options.rate(), options.seconds(), tokens, bodies));
    }
  }

  /**
   * Measures the baseline endpoint and order-service and returns the accepted orders, which stay
   * unsettled while payment-service is suspended.
   */
  private List<UUID> measureBaselineAndService(OrderLog log)
      throws IOException, InterruptedException {
    URI service =
        URI.create(environment.getOrDefault("ORDER_SERVICE_URL", "http://127.0.0.1:8081"));
    var accepted = new ArrayList<UUID>();
    try (@Nullable BaselineProcess baseline = isSelected("baseline") ? startBaseline() : null) {
      if (baseline != null) {
        warmUp(baseline);
      }
      if (isSelected("direct")) {
        print("One order-service: warming up for %d s".formatted(options.warmUp()));
        accepted.addAll(
            warmUp(
                seconds -> wrk.closed(service, options.connections(), seconds, tokens(), bodies),
                log,
                OrderLog.ObservedOrder::isInLog));
      }
      for (int i = 0; i < options.runs(); i++) {
        if (baseline != null) {
          run(baseline);
        }
        if (isSelected("direct")) {
          LoadGenerator generator =
              tokens ->
                  wrk.closed(service, options.connections(), options.seconds(), tokens, bodies);
          accepted.addAll(
              run(Table.SERVICE, closedLoop(), log, OrderLog.ObservedOrder::isInLog, generator));
        }
      }
    }
    if (isSelected("direct")) {
      int half = Math.max(1, (int) (Table.median(runs, Table.SERVICE) / 2));
      for (int i = 0; i < options.runs(); i++) {
        LoadGenerator generator =
            tokens -> wrk.open(service, half, options.seconds(), tokens, bodies);
        accepted.addAll(
            run(
                Table.SERVICE,
                "open, " + half + "/s",
                log,
                OrderLog.ObservedOrder::isInLog,
                generator));
      }
    }
    return accepted;
  }

  private boolean isSelected(String target) {
    return options.only().contains(target);
  }

  private BaselineProcess startBaseline() throws IOException, InterruptedException {
    return new BaselineProcess(
        OrderLog.brokers(environment), folder, environment.getOrDefault("SHOP_JVM_OPTIONS", ""));
  }

  private void warmUp(BaselineProcess baseline) throws IOException, InterruptedException {
    print("Baseline endpoint: warming up for %d s".formatted(options.warmUp()));
    if (options.warmUp() > 0) {
      printWarmUp(
          wrk.closed(baseline.url(), options.connections(), options.warmUp(), NO_TOKENS, bodies));
    }
  }

  private void run(BaselineProcess baseline) throws IOException, InterruptedException {
    long start = Instant.now().getEpochSecond();
    SortedMap<String, Long> cpu = baseline.cpu();
    var load =
        wrk.closed(baseline.url(), options.connections(), options.seconds(), NO_TOKENS, bodies);
    var used = baseline.cpu();
    used.replaceAll((name, millis) -> millis - cpu.getOrDefault(name, 0L));
    add(new Run(Table.BASELINE, closedLoop(), load, start, used, null));
  }

  private void awaitSettled(List<UUID> orders, OrderLog log) throws InterruptedException {
    if (orders.isEmpty()) {
      return;
    }
    print("All processes run again: waiting until %,d orders are settled".formatted(orders.size()));
    double took = drain(log, orders, OrderLog.ObservedOrder::isSettled);
    long settled = orders.stream().filter(order -> log.of(order).isSettled()).count();
    print("Settled after the runs: %,d of %,d in %.0f s".formatted(settled, orders.size(), took));
  }

  /** Puts a target under load. */
  private interface LoadGenerator {
    Load run(List<String> tokens) throws IOException, InterruptedException;
  }

  /** Puts a target under load for a time. */
  private interface TimedLoadGenerator {
    Load run(int seconds) throws IOException, InterruptedException;
  }

  /** Warms up a target and waits until its accepted orders are done. */
  private List<UUID> warmUp(
      TimedLoadGenerator generator, OrderLog log, Predicate<OrderLog.ObservedOrder> done)
      throws IOException, InterruptedException {
    if (options.warmUp() == 0) {
      return List.of();
    }
    var load = generator.run(options.warmUp());
    printWarmUp(load);
    drain(log, load.accepted(), done);
    return load.accepted();
  }

  /** Measures one run and returns its accepted orders. */
  private List<UUID> run(
      String target,
      String loop,
      OrderLog log,
      Predicate<OrderLog.ObservedOrder> done,
      LoadGenerator generator)
      throws IOException, InterruptedException {
    // Logins are expensive for the gateway (password hash) and are not part of an order.
    var tokens = tokens();
    long start = Instant.now().getEpochSecond();
    var cpu = processes.cpu();
    var load = generator.run(tokens);
    double drained = drain(log, load.accepted(), done);
    var used = processes.cpuSince(cpu);
    List<OrderLog.ObservedOrder> orders = load.accepted().stream().map(log::of).toList();
    add(new Run(target, loop, load, start, used, Run.OrderStatistics.of(orders, drained)));
    return load.accepted();
  }

  /**
   * Waits until all orders are done, at most {@link Options#drain()} seconds, and returns the
   * seconds waited.
   */
  private double drain(OrderLog log, List<UUID> orders, Predicate<OrderLog.ObservedOrder> done)
      throws InterruptedException {
    long start = System.nanoTime();
    Supplier<Double> waited = () -> (System.nanoTime() - start) / 1e9;
    int next = 0;
    while (next < orders.size() && waited.get() < options.drain()) {
      if (done.test(log.of(orders.get(next)))) {
        next++;
      } else {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    return waited.get();
  }

  /**
   * Prints the number of orders, because JIT compilers count calls: a few thousand orders are not a
   * warm-up.
   */
  private static void printWarmUp(Load load) {
    print("Warmed up with %,d orders".formatted(load.accepted().size()));
  }

  private void add(Run run) {
    runs.add(run);
    print(Table.line(run));
  }

  private List<String> tokens() throws IOException, InterruptedException {
    return shop.customers(options.customers());
  }

  private String closedLoop() {
    return "closed, " + options.connections();
  }

  private static Map<String, Long> deltas(Iterable<String> skus, long pieces) {
    var deltas = new HashMap<String, Long>();
    skus.forEach(sku -> deltas.put(sku, pieces));
    return deltas;
  }

  /** Restores the stock of each product. */
  private void restoreStock(Map<String, Long> before) throws IOException, InterruptedException {
    var deltas = new HashMap<String, Long>();
    shop.stock().forEach((sku, left) -> deltas.put(sku, before.getOrDefault(sku, left) - left));
    shop.adjust(deltas);
  }

  private static void print(String text) {
    System.out.println(text);
  }
}
