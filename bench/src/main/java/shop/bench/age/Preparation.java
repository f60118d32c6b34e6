package shop.bench.age;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import shop.bench.desk.DeadLetters;
import shop.bench.orders.Shop;
import shop.bench.platform.Figures;
import shop.bench.platform.Polling;
import shop.local.Platform;
import shop.local.PlatformOptions;
import shop.local.StartListener;
import shop.local.os.Folders;
import shop.local.os.LaunchException;
import shop.local.os.Watchdog;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prepares the data folder of a platform with a history. A first start creates topics, schemas,
 * accounts and groups; then the history is written to Kafka and to the sandbox's ledger, and all
 * groups but that of the figures are set to the end of the log. In a second start, PostgreSQL
 * follows the log, an emptied Redis is loaded from it, and the figures are counted.
 */
final class Preparation {

  private static final String FIGURES_GROUP = "analytics-service";
  private static final String STATES_CHANGELOG = "-order-states-changelog";

  /** They would charge and mail everything again. */
  private static final Set<String> WITH_EFFECTS =
      Set.of("order-processor", "payment-service", "notification-service");

  private static final int ACCOUNTS = 32;
  private static final long STOCK = 10_000_000;
  private static final int ORDERS_PER_DEAD_LETTER = 100;
  private static final int SAMPLE = 500;
  private static final Duration HOT = Duration.ofDays(1);
  private static final Duration COLD = Duration.ofDays(5);

  /** The end of the history is a little before the present. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  /** Control records of transactions, which are no lag. */
  private static final long MARKERS = 24;

  private static final Duration FOLLOW_LIMIT = Duration.ofHours(2);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final PreparedFolder folder;
  private final int orders;
  private final Options options;

  Preparation(PreparedFolder folder, int orders, Options options) {
    this.folder = folder;
    this.orders = orders;
    this.options = options;
  }

  /** Prepares the folder, in place of an earlier one. */
  void run() throws IOException, InterruptedException, ExecutionException {
    Folders.delete(folder.path());
    var now = Instant.now();
    print("%s: first start", folder.name());
    var history = firstStart(now.minus(MARGIN));
    var sample = new Sample(history);
    print("%s: writing %,d orders", folder.name(), orders);
    write(history, sample);
    print("%s: PostgreSQL follows the log", folder.name());
    follow();
    folder.writeOrders(sample.hot, sample.cold);
    folder.complete(orders, now);
    print("%s: prepared in %,d s", folder.name(), Duration.between(now, Instant.now()).toSeconds());
  }

  private History firstStart(Instant end) throws IOException, InterruptedException {
    try (var platform = new StartedPlatform(folder.path(), options.portOffset())) {
      var shop = new Shop(platform.environment());
      var accounts = shop.customers(ACCOUNTS).stream().map(Preparation::accountOf).toList();
      var deltas = new HashMap<String, Long>();
      shop.stock().keySet().forEach(sku -> deltas.put(sku, STOCK));
      shop.adjust(deltas);
      return new History(orders, options.interval(), end, accounts, products(shop));
    }
  }

  private static UUID accountOf(String token) {
    var claims = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
    return UUID.fromString(
        new JsonMapper()
            .readTree(new String(claims, StandardCharsets.UTF_8))
            .get("sub")
            .asString());
  }

  private static List<Product> products(Shop shop) throws IOException, InterruptedException {
    var products = new ArrayList<Product>();
    for (var product : shop.get("/products", shop.adminToken()).get("items")) {
      for (var price : product.get("prices")) {
        if (price.get("currency").asString().equals("EUR")) {
          products.add(
              new Product(
                  product.get("sku").asString(),
                  product.get("name").asString(),
                  price.get("amount").asLong()));
        }
      }
    }
    return products;
  }

  private void write(History history, History.Sink sample)
      throws IOException, InterruptedException, ExecutionException {
    try (var platform = platform()) {
      platform.kafka().start();
      platform.restart("payment-sandbox", 0);
      String kafka = platform.kafkaBootstrapServers();
      try (var log = new GroupOffsets(kafka)) {
        var changelog = log.topicEndingWith(STATES_CHANGELOG);
        writeHistory(kafka, platform.sandboxUrl(), changelog, history, sample);
        var span = history.interval().multipliedBy(history.orders());
        int deadLetters = history.orders() / ORDERS_PER_DEAD_LETTER;
        new DeadLetters(kafka, history.end().minus(span), span.dividedBy(Math.max(1, deadLetters)))
            .append(deadLetters);
        var groups = log.commitEnds(FIGURES_GROUP);
        if (!groups.containsAll(WITH_EFFECTS)) {
          throw new IllegalStateException(
              "Of the groups %s, some have committed nothing: %s".formatted(WITH_EFFECTS, groups));
        }
      }
    }
  }

  private static void writeHistory(
      String kafka, URI sandbox, String changelog, History history, History.Sink sample)
      throws IOException {
    try (var writer = new HistoryWriter(kafka, sandbox, changelog, history.end())) {
      history.writeTo(
          new History.Sink() {
            @Override
            public void append(OrderLifecycle order, Step step) {
              writer.append(order, step);
            }

            @Override
            public void end(OrderLifecycle order, int steps) {
              writer.end(order, steps);
              sample.end(order, steps);
            }
          });
      writer.finish();
    }
  }

  private void follow() throws IOException, InterruptedException {
    try (var platform = platform()) {
      Folders.delete(platform.data("redis"));
      try {
        platform.startAll();
      } catch (LaunchException e) {
        // order-service is ready when Redis is loaded, which waits for PostgreSQL.
        print("%s: still following after the usual time of a start", folder.name());
      }
      var tables = new FollowedTables(platform.database().administrator());
      try (var log = new GroupOffsets(platform.kafkaBootstrapServers())) {
        await("PostgreSQL", () -> tables.lag(log));
        await("The figures", () -> log.lag(FIGURES_GROUP));
      }
      awaitReady(platform.url("order-service", 0));
    }
  }

  /** Waits until Redis is loaded. */
  private static void awaitReady(URI service) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(service.resolve("/readyz")).build();
    try (var http = HttpClient.newHttpClient()) {
      Polling.await(
          FOLLOW_LIMIT,
          POLL,
          () -> http.send(request, BodyHandlers.discarding()).statusCode() == 200,
          () -> "order-service is not ready");
    }
  }

  private Platform platform() {
    var platform =
        new Platform(
            new PlatformOptions(folder.path(), options.portOffset(), Map.of()),
            StartListener.SILENT);
    Watchdog.guard(platform.folders().run());
    return platform;
  }

  /** A number of records that are not processed yet. */
  private interface Lag {
    long get() throws SQLException, ExecutionException, InterruptedException;
  }

  private void await(String who, Lag lag) throws IOException, InterruptedException {
    var last = new long[] {Long.MAX_VALUE};
    Polling.await(
        FOLLOW_LIMIT,
        POLL,
        () -> {
          try {
            last[0] = lag.get();
            return last[0] <= MARKERS;
          } catch (SQLException | ExecutionException e) {
            return false;
          }
        },
        () -> who + " still lacks " + last[0] + " records");
    print("%s: %s has followed", folder.name(), who);
  }

  /** Ids of orders that are measured later. */
  private static final class Sample implements History.Sink {
    final List<String> hot = new ArrayList<>();
    final List<String> cold = new ArrayList<>();
    private final Instant hotFrom;
    private final Instant coldUntil;
    private final int everyHot;
    private final int everyCold;
    private int hotSeen;
    private int coldSeen;

    Sample(History history) {
      hotFrom = history.end().minus(HOT);
      coldUntil = history.end().minus(COLD);
      everyHot = Math.max(1, (history.orders() - history.firstSince(hotFrom)) / SAMPLE);
      everyCold = Math.max(1, history.firstSince(coldUntil) / SAMPLE);
    }

    @Override
    public void append(OrderLifecycle order, Step step) {}

    @Override
    public void end(OrderLifecycle order, int steps) {
      if (!order.placedAt().isBefore(hotFrom) && hotSeen++ % everyHot == 0) {
        hot.add(order.id().toString());
      } else if (order.placedAt().isBefore(coldUntil) && coldSeen++ % everyCold == 0) {
        cold.add(order.id().toString());
      }
    }
  }

  private static void print(String format, Object... values) {
    System.out.println(Figures.text(format, values));
  }
}
