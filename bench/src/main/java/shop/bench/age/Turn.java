package shop.bench.age;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import shop.bench.orders.Orders;
import shop.bench.orders.Processes;
import shop.bench.orders.Rebuild;
import shop.bench.orders.Shop;
import shop.bench.orders.Wrk;
import shop.bench.platform.Figures;

/** Starts a copy of a prepared folder, measures the platform, and stops it. */
final class Turn {

  static final double SAME = 1.1;
  static final double NEARLY_SAME = 1.25;

  private static final String HOT = "GET of a hot order, p50";
  private static final String COLD = "GET of a cold order, p50";
  private static final int WARM_UP_GETS = 500;
  private static final int GETS = 400;
  private static final int WARM_UP_PAGES = 40;
  private static final int PAGES = 60;
  private static final int CONNECTIONS = 64;
  private static final int CUSTOMERS = 32;
  private static final int ORDER_SERVICE = 8081;

  /** What is no service of ours and no Redis: for information. */
  private static final List<String> BROKERS =
      List.of("kafka", "postgres", "rabbitmq", "rabbitmq-epmd", "mail", "launcher");

  /** The first pages of all lists, by what an admin asks for. */
  private static final Map<String, String> PAGES_OF_ADMINS = pages();

  private final Options options;
  private final Path wrk;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Figure, Double> values = new LinkedHashMap<>();

  Turn(Options options, Path wrk) {
    this.options = options;
    this.wrk = wrk;
  }

  private static Map<String, String> pages() {
    var pages = new LinkedHashMap<String, String>();
    pages.put("orders", "/orders");
    pages.put("delivered orders", "/orders?status=DELIVERED");
    pages.put("refunded orders", "/orders?status=REFUNDED");
    pages.put("orders of a product", "/orders?sku=MUG-WHITE");
    pages.put("orders of a sum", "/orders?minTotal=2000&maxTotal=3000");
    pages.put("orders by text", "/orders?text=EX123");
    pages.put("unsettled orders", "/admin/orders/unsettled");
    pages.put("products", "/products");
    pages.put("books, balances", "/admin/payments/ledger");
    pages.put("books, last day compared", "/admin/payments/reconciliation");
    pages.put("figures by hour", "/analytics/orders?bucket=hour");
    pages.put("figures, summary", "/analytics/summary");
    pages.put("desk", "/admin/dlq");
    pages.put("desk, failed", "/admin/dlq?state=FAILED");
    pages.put("desk, by text", "/admin/dlq?text=customer");
    pages.put("desk, groups", "/admin/dlq/groups");
    pages.put("desk, audit", "/admin/dlq/audit");
    return pages;
  }

  /** The values of one platform, in the order in which they were measured. */
  static Map<Figure, Double> measure(PreparedFolder folder, Options options, Path wrk)
      throws IOException, InterruptedException {
    var turn = new Turn(options, wrk);
    var copy = folder.copyTo(folder.path().resolveSibling("running"));
    try (var platform = new StartedPlatform(copy, options.portOffset())) {
      turn.measure(folder, platform);
    }
    return turn.values;
  }

  private void measure(PreparedFolder folder, StartedPlatform platform)
      throws IOException, InterruptedException {
    put(Figure.of("./start to ready", "s", NEARLY_SAME), platform.startTime().toMillis() / 1e3);
    TimeUnit.SECONDS.sleep(options.idle());
    var processes = new Processes(platform.folder().resolve("run"));
    measureMemory(processes);
    var shop = new Shop(platform.environment());
    var admin = shop.adminToken();
    measureOrders(shop.gateway(), admin, folder.hot(), folder.cold());
    PAGES_OF_ADMINS.forEach((name, path) -> measurePage(name, shop.gateway().resolve(path), admin));
    measurePage(
        "orders of a customer", shop.gateway().resolve("/orders"), shop.customers(1).getFirst());
    var rebuild = Rebuild.run(shop);
    put(Figure.of("rebuild of Redis", "s", NEARLY_SAME), rebuild.seconds());
    if (rebuild.loadSeconds() > 0) {
      put(Figure.of("of it, loading", "s"), rebuild.loadSeconds());
    }
    measureThroughput(platform, processes, shop);
  }

  private void measureMemory(Processes processes) {
    processes
        .memory()
        .forEach((name, megabytes) ->
            put(
                Figure.of("memory of " + name, "MB", BROKERS.contains(name) ? Double.NaN : SAME),
                megabytes));
  }

  private void measureOrders(URI gateway, String token, List<String> hot, List<String> cold) {
    time(uris(gateway, hot), token, WARM_UP_GETS);
    time(uris(gateway, cold), token, WARM_UP_GETS);
    put(Figure.of(HOT, "ms", SAME), time(uris(gateway, hot), token, GETS));
    put(Figure.of(COLD, "ms"), time(uris(gateway, cold), token, GETS));
  }

  /** How much longer a cold order takes than a hot one. */
  static double coldToHot(Map<Figure, Double> values) {
    return value(values, COLD) / value(values, HOT);
  }

  private static double value(Map<Figure, Double> values, String name) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(name))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static List<URI> uris(URI gateway, List<String> orders) {
    return orders.stream().map(order -> gateway.resolve("/orders/" + order)).toList();
  }

  private void measurePage(String name, URI page, String token) {
    time(List.of(page), token, WARM_UP_PAGES);
    put(Figure.of("first page: " + name, "ms", NEARLY_SAME), time(List.of(page), token, PAGES));
  }

  /** The median of the milliseconds that GETs take, one at a time, of the URIs in turn. */
  private double time(List<URI> uris, String token, int count) {
    var millis = new double[count];
    for (int i = 0; i < count; i++) {
      var uri = uris.get(i % uris.size());
      var request = HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build();
      long began = System.nanoTime();
      int status = status(request);
      millis[i] = (System.nanoTime() - began) / 1e6;
      if (status != 200) {
        throw new IllegalStateException("GET " + uri + " returned " + status);
      }
    }
    return Figures.percentile(millis, 0.5);
  }

  private int status(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofByteArray()).statusCode();
    } catch (IOException e) {
      throw new IllegalStateException(request.uri() + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Orders/s of one order-service, without the gateway and what follows the topic of orders. */
  private void measureThroughput(StartedPlatform platform, Processes processes, Shop shop)
      throws IOException, InterruptedException {
    var load = new Wrk(wrk, platform.folder().resolve("bench"));
    var service = URI.create("http://127.0.0.1:" + platform.port(ORDER_SERVICE));
    var tokens = shop.customers(CUSTOMERS);
    var bodies = new ArrayList<String>();
    shop.stock().keySet().forEach(sku -> bodies.add(Orders.BODY.formatted(sku)));
    try (var _ = processes.suspend(Orders.DOWNSTREAM)) {
      if (options.warmUp() > 0) {
        load.closed(service, CONNECTIONS, options.warmUp(), tokens, bodies);
      }
      var measured = load.closed(service, CONNECTIONS, options.seconds(), tokens, bodies);
      put(Figure.rate("one order-service", "orders/s", SAME), measured.perSecond());
    }
  }

  private void put(Figure figure, double value) {
    values.put(figure, value);
  }
}
