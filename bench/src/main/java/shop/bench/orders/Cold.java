package shop.bench.orders;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures what the first orders after a start cost, in ratios to those of the same platform when
 * it is warm. The platform must have just been started. Arguments: the number of orders after which
 * it counts as warm; or {@code first-minute} for the throughput of its first minute under overload.
 */
public final class Cold {
  private static final int SEQUENTIAL = 100;
  private static final int CONNECTIONS = 16;
  private static final int OVERLOAD_CONNECTIONS = 64;
  private static final int DEFAULT_WARM = 50_000;
  private static final int CUSTOMERS = 16;
  private static final long STOCK = 1_000_000;
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Shop shop;
  private final Processes processes;
  private final OrderLog log;
  private final List<String> tokens;
  private final List<String> bodies;
  private int placed;

  private Cold(Shop shop, Processes processes, OrderLog log)
      throws IOException, InterruptedException {
    this.shop = shop;
    this.processes = processes;
    this.log = log;
    tokens = shop.customers(CUSTOMERS);
    bodies = shop.stock().keySet().stream().map(Orders.BODY::formatted).toList();
    var deltas = new HashMap<String, Long>();
    shop.stock().keySet().forEach(sku -> deltas.put(sku, STOCK));
    shop.adjust(deltas);
  }

  /** Environment: the variables that {@code ./measure} sets. */
  public static void main(String[] arguments) throws Exception {
    var environment = System.getenv();
    var local = Path.of(environment.getOrDefault("SHOP_LOCAL", ".local"));
    try (var log = new OrderLog(OrderLog.brokers(environment))) {
      var cold = new Cold(new Shop(environment), new Processes(local.resolve("run")), log);
      if (arguments.length > 0 && arguments[0].equals("first-minute")) {
        cold.firstMinute();
      } else {
        cold.run(arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_WARM);
      }
    }
  }

  private void firstMinute() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    var accepted = place(OVERLOAD_CONNECTIONS, () -> System.nanoTime() < end);
    System.out.printf(
        "accepted in the first minute: %,d, %.0f/s%n", accepted.size(), accepted.size() / 60.0);
  }

  private void run(int warmAfter) throws IOException, InterruptedException {
    var phases = new ArrayList<Phase>();
    phases.add(measure(1_000));
    while (placed < warmAfter) {
      phases.add(measure(Math.min(warmAfter, (placed / 5_000 + 1) * 5_000)));
    }
    var warm = measure(warmAfter + 1_000);
    for (var phase : phases) {
      System.out.printf(
          "%-18s %6.2f CPU-ms an order, %5.2f × warm%n",
          phase.name(), phase.cpu(), phase.cpu() / warm.cpu());
    }
    System.out.printf(
        "p50 of the 201, one at a time: first %d %.1f ms, warm %.1f ms, %.2f ×%n",
        SEQUENTIAL,
        phases.getFirst().median(),
        warm.median(),
        phases.getFirst().median() / warm.median());
  }

  private record Phase(String name, double cpu, double median) {}

  /** Places orders up to a number, the first of them one at a time, until all are settled. */
  private Phase measure(int upTo) throws IOException, InterruptedException {
    int from = placed;
    SortedMap<String, Long> before = processes.cpu();
    long began = System.nanoTime();
    var latencies = new ArrayList<Double>();
    var accepted = new ArrayList<UUID>();
    while (latencies.size() < SEQUENTIAL) {
      long start = System.nanoTime();
      accepted.add(placeOne(latencies.size()));
      latencies.add((System.nanoTime() - start) / 1e6);
    }
    var rest = new AtomicInteger(upTo - from - SEQUENTIAL);
    accepted.addAll(place(CONNECTIONS, () -> rest.getAndDecrement() > 0));
    for (var order : accepted) {
      while (!log.of(order).isSettled()) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    placed = upTo;
    var used = processes.cpuSince(before);
    double cpu = used.values().stream().mapToLong(Long::longValue).sum() / (double) (upTo - from);
    var phase = new Phase("%,d to %,d".formatted(from + 1, upTo), cpu, median(latencies));
    System.out.printf(
        "%-18s %6.2f CPU-ms an order, %4.0f orders/s, p50 %.1f ms  %s%n",
        phase.name(), cpu, (upTo - from) / seconds, phase.median(), perOrder(used, upTo - from));
    return phase;
  }

  private static Map<String, String> perOrder(SortedMap<String, Long> used, int orders) {
    var text = new java.util.LinkedHashMap<String, String>();
    used.forEach((name, millis) -> text.put(name, "%.2f".formatted(millis / (double) orders)));
    return text;
  }

  private Queue<UUID> place(int connections, BooleanSupplier more)
      throws IOException, InterruptedException {
    var accepted = new ConcurrentLinkedQueue<UUID>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var clients = new ArrayList<Future<?>>();
      for (int i = 0; i < connections; i++) {
        int client = i;
        clients.add(
            threads.submit(() -> {
              for (int n = client; more.getAsBoolean(); n++) {
                accepted.add(placeOne(n));
              }
              return null;
            }));
      }
      for (var client : clients) {
        client.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
    return accepted;
  }

  /** Places an order; a 503 or 429 is repeated under the same key. */
  private UUID placeOne(int n) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(shop.gateway().resolve("/orders"))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + tokens.get(n % tokens.size()))
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.ofString(bodies.get(n % bodies.size())))
            .build();
    while (true) {
      var response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() == 201) {
        return UUID.fromString(JSON.readTree(response.body()).get("id").asString());
      }
      if (response.statusCode() != 503 && response.statusCode() != 429) {
        throw new IOException("POST /orders: " + response.statusCode() + " " + response.body());
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
