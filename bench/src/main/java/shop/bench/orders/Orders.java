package shop.bench.orders;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
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
 * Puts the running platform under load and prints what it bore. Three targets: the whole platform
 * through the gateway, until everything is settled; the bare endpoint; one order-service, called
 * directly. While the last two are measured, what is downstream of orders is frozen: the two share
 * the machine with Kafka, Redis and the load tool alone, and the rest catches up afterwards. Their
 * closed loops run by turns, for no machine is as fast at all times.
 */
public final class Orders {

  private static final String BODY =
      """
      {"items":[{"sku":"%s","quantity":1}],"currency":"EUR","paymentMethod":"pm_card_visa","shippingAddress":\
      {"name":"Bench","line1":"1 Street","city":"Berlin","postalCode":"10115","country":"DE"}}\
      """;

  /** What takes orders from the log, and what that calls. */
  private static final List<String> DOWNSTREAM =
      List.of(
          "payment-service",
          "notification-service",
          "analytics-service",
          "operations-service",
          "payment-sandbox");

  /** The bare endpoint asks for no token. */
  private static final List<String> NOBODY = List.of("none");

  /** More than any run can sell of one product. */
  private static final long PIECES = 10_000_000;

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

  /** Arguments: {@link Options}. Environment: what {@code ./measure} sets. */
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
    shop.adjust(deltas(before.keySet(), PIECES));
    try (var log = new OrderLog(OrderLog.brokers(environment))) {
      if (isWanted("platform")) {
        platform(log);
      }
      var waiting = new ArrayList<UUID>();
      try (var _ = processes.freeze(DOWNSTREAM)) {
        waiting.addAll(limitAndService(log));
      }
      settle(waiting, log);
      var memory = processes.memory();
      Table.print(runs, memory, System.out);
      var report = folder.resolve("orders.html");
      Report.write(report, runs, memory, log.placedPerSecond(), log.settledPerSecond());
      System.out.println("\nReport: " + report);
    } finally {
      giveBack(before);
    }
  }

  private void platform(OrderLog log) throws IOException, InterruptedException {
    say("Platform: warming up for %d s at %d orders/s".formatted(options.warmUp(), options.rate()));
    warmUp(
        seconds -> wrk.open(shop.gateway(), options.rate(), seconds, tokens(), bodies),
        log,
        OrderLog.Fate::isSettled);
    for (int i = 0; i < options.runs(); i++) {
      String loop = "open, %d/s".formatted(options.rate());
      run(
          "platform",
          loop,
          log,
          OrderLog.Fate::isSettled,
          tokens -> wrk.open(shop.gateway(), options.rate(), options.seconds(), tokens, bodies));
    }
  }

  /** The orders that were accepted: in the log, and not settled while nobody takes payments. */
  private List<UUID> limitAndService(OrderLog log) throws IOException, InterruptedException {
    URI service =
        URI.create(environment.getOrDefault("ORDER_SERVICE_URL", "http://127.0.0.1:8081"));
    var accepted = new ArrayList<UUID>();
    try (@Nullable BaselineProcess bare = isWanted("bare") ? startBare() : null) {
      if (bare != null) {
        warmUp(bare);
      }
      if (isWanted("direct")) {
        say("One order-service: warming up for %d s".formatted(options.warmUp()));
        accepted.addAll(
            warmUp(
                seconds -> wrk.closed(service, options.connections(), seconds, tokens(), bodies),
                log,
                OrderLog.Fate::isInLog));
      }
      for (int i = 0; i < options.runs(); i++) {
        if (bare != null) {
          run(bare);
        }
        if (isWanted("direct")) {
          Attack attack =
              tokens ->
                  wrk.closed(service, options.connections(), options.seconds(), tokens, bodies);
          accepted.addAll(run(Table.SERVICE, closedLoop(), log, OrderLog.Fate::isInLog, attack));
        }
      }
    }
    if (isWanted("direct")) {
      int half = Math.max(1, (int) (Table.median(runs, Table.SERVICE) / 2));
      for (int i = 0; i < options.runs(); i++) {
        Attack attack = tokens -> wrk.open(service, half, options.seconds(), tokens, bodies);
        accepted.addAll(
            run(Table.SERVICE, "open, " + half + "/s", log, OrderLog.Fate::isInLog, attack));
      }
    }
    return accepted;
  }

  private boolean isWanted(String target) {
    return options.only().contains(target);
  }

  private BaselineProcess startBare() throws IOException, InterruptedException {
    return new BaselineProcess(
        OrderLog.brokers(environment), folder, environment.getOrDefault("SHOP_JVM_OPTIONS", ""));
  }

  private void warmUp(BaselineProcess bare) throws IOException, InterruptedException {
    say("Bare endpoint: warming up for %d s".formatted(options.warmUp()));
    if (options.warmUp() > 0) {
      warmed(wrk.closed(bare.url(), options.connections(), options.warmUp(), NOBODY, bodies));
    }
  }

  private void run(BaselineProcess bare) throws IOException, InterruptedException {
    long start = Instant.now().getEpochSecond();
    SortedMap<String, Long> cpu = bare.cpu();
    var load = wrk.closed(bare.url(), options.connections(), options.seconds(), NOBODY, bodies);
    var used = bare.cpu();
    used.replaceAll((name, millis) -> millis - cpu.getOrDefault(name, 0L));
    add(new Run(Table.LIMIT, closedLoop(), load, start, used, null));
  }

  private void settle(List<UUID> orders, OrderLog log) throws InterruptedException {
    if (orders.isEmpty()) {
      return;
    }
    say("Everything runs again: %,d orders wait to be settled".formatted(orders.size()));
    double took = drain(log, orders, OrderLog.Fate::isSettled);
    long settled = orders.stream().filter(order -> log.of(order).isSettled()).count();
    say("Settled after all: %,d of %,d in %.0f s".formatted(settled, orders.size(), took));
  }

  /** Something that loads a target. */
  private interface Attack {
    Load start(List<String> tokens) throws IOException, InterruptedException;
  }

  /** Something that loads a target for some seconds. */
  private interface TimedAttack {
    Load start(int seconds) throws IOException, InterruptedException;
  }

  /** Loads a target until it is warm, and waits for its accepted orders to be done. */
  private List<UUID> warmUp(TimedAttack attack, OrderLog log, Predicate<OrderLog.Fate> done)
      throws IOException, InterruptedException {
    if (options.warmUp() == 0) {
      return List.of();
    }
    var warm = attack.start(options.warmUp());
    warmed(warm);
    drain(log, warm.accepted(), done);
    return warm.accepted();
  }

  /** One run; its accepted orders. */
  private List<UUID> run(
      String target, String loop, OrderLog log, Predicate<OrderLog.Fate> done, Attack attack)
      throws IOException, InterruptedException {
    // Logging in costs the gateway a hash on purpose, and is no part of an order.
    var tokens = tokens();
    long start = Instant.now().getEpochSecond();
    var cpu = processes.cpu();
    var load = attack.start(tokens);
    double drained = drain(log, load.accepted(), done);
    var used = processes.cpuSince(cpu);
    List<OrderLog.Fate> fates = load.accepted().stream().map(log::of).toList();
    add(new Run(target, loop, load, start, used, Run.Outcome.of(fates, drained)));
    return load.accepted();
  }

  /** Waits until all of the orders are done, at most as long as given; the seconds that it took. */
  private double drain(OrderLog log, List<UUID> orders, Predicate<OrderLog.Fate> done)
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

  /** Compilers count calls, not seconds: some thousand orders warm nothing up. */
  private static void warmed(Load load) {
    say("Warmed up with %,d orders".formatted(load.accepted().size()));
  }

  private void add(Run run) {
    runs.add(run);
    say(Table.line(run));
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

  /** Leaves each shelf as it was found. */
  private void giveBack(Map<String, Long> before) throws IOException, InterruptedException {
    var deltas = new HashMap<String, Long>();
    shop.stock().forEach((sku, left) -> deltas.put(sku, before.getOrDefault(sku, left) - left));
    shop.adjust(deltas);
  }

  private static void say(String text) {
    System.out.println(text);
  }
}
