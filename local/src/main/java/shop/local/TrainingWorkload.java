package shop.local;

import java.io.File;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import shop.local.os.Command;
import shop.local.os.JavaCommand;
import shop.local.os.LaunchException;
import shop.local.os.Probe;
import shop.local.os.Repository;
import tools.jackson.databind.JsonNode;

/**
 * What customers and admins do, so that the caches contain the classes and the method profiles of
 * that: orders that are paid, declined, cancelled, shipped, delivered and refunded; lists,
 * timelines and event streams; sessions; figures; dead letters that are retried and discarded.
 */
final class TrainingWorkload {
  private static final int CUSTOMERS = 4;
  private static final int ORDERS = 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
  private static final String PASSWORD = "a training password";
  private static final Set<String> SETTLED =
      Set.of("CONFIRMED", "PAYMENT_FAILED", "CANCELLED", "REFUNDED");

  private final Platform platform;

  TrainingWorkload(Platform platform) {
    this.platform = platform;
  }

  void run() {
    try (var http = HttpClient.newHttpClient();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var admin = client(http);
      admin.login(Platform.DEMO_ADMIN, platform.demoPassword());
      Probe.poll(TIMEOUT, POLL_INTERVAL, () -> hasStock(admin));
      var customers = new ArrayList<Future<?>>();
      for (int i = 0; i < CUSTOMERS; i++) {
        customers.add(threads.submit(() -> shop(client(http), admin)));
      }
      for (var customer : customers) {
        customer.get();
      }
      handleDeadLetters(admin);
    } catch (ExecutionException e) {
      throw new LaunchException("The training run failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException("The training run was interrupted.", e);
    }
  }

  private ShopClient client(HttpClient http) {
    return new ShopClient("The training run", platform.gatewayUrl(), http);
  }

  private static boolean hasStock(ShopClient client) {
    return client.get("/products").path("items").path(0).path("left").asLong() > 0;
  }

  private void shop(ShopClient customer, ShopClient admin) {
    String email = "c-" + UUID.randomUUID() + "@example.org";
    customer.register(email, PASSWORD);
    for (int i = 0; i < ORDERS; i++) {
      var sku = product(customer, i);
      var card = i % 8 == 5 ? "pm_card_chargeDeclinedInsufficientFunds" : "pm_card_visa";
      var path =
          "/orders/" + customer.post("/orders", ShopClient.order(sku, card)).get("id").asString();
      if (i % 8 == 3) {
        customer.post(path + "/cancel", "{}");
      }
      if (i % 8 == 0) {
        followStream(customer, path);
      }
      Probe.poll(TIMEOUT, POLL_INTERVAL, () -> SETTLED.contains(status(customer, path)));
      customer.get("/orders?limit=20");
      customer.get(path + "/events");
      customer.get(path.replace("/orders/", "/payments/"));
      if (i % 8 == 1) {
        admin.post(path + "/shipments", "{\"carrier\":\"Example Post\",\"trackingNumber\":\"T1\"}");
        admin.post(path + "/deliveries", "{}");
      }
      if (i % 8 == 7) {
        admin.post(
            path + "/refunds",
            "{\"reason\":\"a crack\",\"amount\":{\"amount\":100,\"currency\":\"EUR\"}}");
      }
      if (i % 10 == 9) {
        customer.login(email, PASSWORD);
        report(admin);
      }
    }
    customer.get("/auth/sessions");
    customer.post("/auth/logout", "{}");
  }

  private static String product(ShopClient client, int i) {
    var products = client.get("/products").get("items");
    var inStock = new ArrayList<JsonNode>();
    products.forEach(product -> {
      if (product.path("left").asLong() > ORDERS && product.toString().contains("\"EUR\"")) {
        inStock.add(product);
      }
    });
    var sku = inStock.get(i % inStock.size()).get("sku").asString();
    client.get("/products/" + sku);
    return sku;
  }

  private static String status(ShopClient client, String order) {
    return client.get(order).get("status").asString();
  }

  private static void followStream(ShopClient client, String order) {
    try (Stream<String> lines =
        client
            .exchange(order + "/events", BodyHandlers.ofLines(), "Accept", "text/event-stream")
            .body()) {
      lines.takeWhile(line -> !line.contains("order.confirmed")).forEach(_ -> {});
    }
  }

  private static void report(ShopClient admin) {
    admin.get("/analytics/orders?bucket=minute");
    admin.get("/analytics/summary");
    admin.get("/admin/orders/unsettled");
    admin.get("/admin/payments/reconciliation");
    admin.get("/admin/dlq?limit=50");
  }

  private void handleDeadLetters(ShopClient admin) {
    Command.run(
        Repository.root(),
        JavaCommand.withDefaults()
            .quickCompiler()
            .mainClass(
                JavaCommand.ownClassPath() + File.pathSeparator + Repository.classPath("kafka"),
                PoisonRecord.class.getName(),
                platform.kafkaBootstrapServers()));
    // One for each consumer group of the topic.
    Probe.poll(TIMEOUT, POLL_INTERVAL, () -> failed(admin).size() == 4);
    for (var entry : failed(admin)) {
      admin.get(entry);
      admin.post(entry + "/retry", "{}");
    }
    Probe.poll(TIMEOUT, POLL_INTERVAL, () -> failed(admin).size() == 4);
    admin.get("/admin/dlq/groups");
    failed(admin).forEach(entry -> admin.post(entry + "/discard", "{\"reason\":\"training\"}"));
    admin.get("/admin/dlq/audit");
  }

  private static List<String> failed(ShopClient admin) {
    var paths = new ArrayList<String>();
    admin
        .get("/admin/dlq?state=FAILED")
        .get("items")
        .forEach(entry -> paths.add("/admin/dlq/" + entry.get("id").asString()));
    return paths;
  }
}
