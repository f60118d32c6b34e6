package shop.e2e.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import shop.e2e.ApiClient;
import shop.e2e.faults.ClientHistory.RequestResult;

/**
 * Continuous load: customers who place, repeat and cancel orders, and an admin who ships, delivers
 * and refunds them; and one customer who sends hostile input.
 */
final class Load implements AutoCloseable {

  private static final List<String> PRODUCTS =
      List.of("MUG-WHITE", "MUG-BLUE", "TEAPOT-GLASS", "TEA-ASSAM");
  private static final List<String> CARDS =
      List.of(
          "pm_card_visa",
          "pm_card_visa",
          "pm_card_visa",
          "pm_card_visa",
          "pm_card_visa",
          "pm_card_visa",
          "pm_card_visa",
          "pm_card_visa_chargeDeclined",
          "pm_card_chargeDeclinedInsufficientFunds",
          // What a customer gets wrong must end as a decline, never as a dead letter.
          "pm_bogus",
          "pm_card_visa_usedBefore",
          "pm_card_visa_usedMeanwhile");

  /** One more client, whose input is hostile. */
  private static final int HOSTILE_SEED = 999;

  /** How many of its most recent orders a client keeps for further requests. */
  private static final int RECENT = 12;

  private final FaultPlatform platform;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> clients = new ArrayList<>();
  private volatile boolean running = true;

  Load(FaultPlatform platform) {
    this.platform = platform;
  }

  void start(int clients, long seed) {
    for (int i = 0; i < clients; i++) {
      var random = new SplittableRandom(seed * 1000 + i);
      var client = platform.newClient();
      this.clients.add(threads.submit(() -> run(client, random)));
    }
    var random = new SplittableRandom(seed * 1000 + HOSTILE_SEED);
    var hostile =
        new HostileCustomer(
            platform.newClient(), platform.processes().gatewayUrl(), platform.history());
    this.clients.add(threads.submit(() -> runHostile(hostile, random)));
  }

  private record Placed(String id, String key, String body) {}

  private void run(RetryingClient client, SplittableRandom random) {
    List<Placed> recent = new ArrayList<>();
    while (running) {
      String key = uuid(random);
      String body =
          ApiClient.order(
              PRODUCTS.get(random.nextInt(PRODUCTS.size())),
              1 + random.nextInt(3),
              CARDS.get(random.nextInt(CARDS.size())));
      var response = client.place(key, body, () -> running);
      if (response.result() == RequestResult.OK) {
        recent.add(new Placed(client.orderId(key), key, body));
        if (recent.size() > RECENT) {
          recent.removeFirst();
        }
      }
      if (!recent.isEmpty()) {
        followUp(client, random, recent.get(random.nextInt(recent.size())));
      }
      pause(random);
    }
  }

  private void runHostile(HostileCustomer customer, SplittableRandom random) {
    while (running) {
      customer.act(random, () -> running);
      pause(random);
    }
  }

  private static void pause(SplittableRandom random) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(500)));
  }

  private void followUp(RetryingClient client, SplittableRandom random, Placed order) {
    String path = "/orders/" + order.id();
    switch (random.nextInt(10)) {
      case 0 -> client.place(order.key(), order.body(), () -> running);
      case 1 -> client.cancel(order.id());
      case 2 -> {
        String part =
            "{\"reason\":\"a crack\",\"amount\":{\"amount\":%d,\"currency\":\"EUR\"}}"
                .formatted(1 + random.nextInt(900));
        postWithRetry("refund", order.id(), uuid(random), path + "/refunds", part);
      }
      case 3 -> {
        String shipment = "{\"carrier\":\"Example Post\",\"trackingNumber\":\"EX1\"}";
        postWithRetry("ship", order.id(), uuid(random), path + "/shipments", shipment);
      }
      case 4 -> postWithRetry("deliver", order.id(), uuid(random), path + "/deliveries", "{}");
      default -> {
        // Most orders receive no further request.
      }
    }
  }

  /** Posts, and repeats once under the same key if the result is unknown. */
  private void postWithRetry(String action, String orderId, String key, String path, String body) {
    if (platform.admin().post(action, orderId, key, path, body).result() == RequestResult.UNKNOWN) {
      platform.admin().post(action, orderId, key, path, body);
    }
  }

  static String uuid(SplittableRandom random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /** Stops all clients after their current request. */
  @Override
  public void close() {
    running = false;
    for (var client : clients) {
      try {
        client.get(2, TimeUnit.MINUTES);
      } catch (ExecutionException e) {
        throw new AssertionError("A client failed", e.getCause());
      } catch (java.util.concurrent.TimeoutException | InterruptedException e) {
        throw new IllegalStateException("A client did not stop", e);
      }
    }
    threads.close();
  }
}
