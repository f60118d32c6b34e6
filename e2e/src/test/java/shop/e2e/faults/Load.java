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
import shop.e2e.Customer;
import shop.e2e.faults.ClientHistory.Result;

/** Customers who order and change their minds, and an admin who ships and refunds, all the time. */
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
          "pm_card_chargeDeclinedInsufficientFunds");

  /** How many of a client's last orders it still does something about. */
  private static final int RECENT = 12;

  private final FaultPlatform stage;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> clients = new ArrayList<>();
  private volatile boolean goOn = true;

  Load(FaultPlatform stage) {
    this.stage = stage;
  }

  void start(int clients, long seed) {
    for (int i = 0; i < clients; i++) {
      var random = new SplittableRandom(seed * 1000 + i);
      var shopper = stage.shopper();
      this.clients.add(threads.submit(() -> shop(shopper, random)));
    }
  }

  private record Placed(String id, String key, String body) {}

  private void shop(Shopper shopper, SplittableRandom random) {
    List<Placed> recent = new ArrayList<>();
    while (goOn) {
      String key = uuid(random);
      String body =
          Customer.order(
              PRODUCTS.get(random.nextInt(PRODUCTS.size())),
              1 + random.nextInt(3),
              CARDS.get(random.nextInt(CARDS.size())));
      var answer = shopper.place(key, body, () -> goOn);
      if (answer.result() == Result.OK) {
        recent.add(new Placed(shopper.orderId(key), key, body));
        if (recent.size() > RECENT) {
          recent.removeFirst();
        }
      }
      if (!recent.isEmpty()) {
        afterwards(shopper, random, recent.get(random.nextInt(recent.size())));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(500)));
    }
  }

  private void afterwards(Shopper shopper, SplittableRandom random, Placed order) {
    String path = "/orders/" + order.id();
    switch (random.nextInt(10)) {
      case 0 -> shopper.place(order.key(), order.body(), () -> goOn);
      case 1 -> shopper.cancel(order.id());
      case 2 -> {
        String part =
            "{\"reason\":\"a crack\",\"amount\":{\"amount\":%d,\"currency\":\"EUR\"}}"
                .formatted(1 + random.nextInt(900));
        insist("refund", order.id(), uuid(random), path + "/refunds", part);
      }
      case 3 -> {
        String shipment = "{\"carrier\":\"Example Post\",\"trackingNumber\":\"EX1\"}";
        insist("ship", order.id(), uuid(random), path + "/shipments", shipment);
      }
      case 4 -> insist("deliver", order.id(), uuid(random), path + "/deliveries", "{}");
      default -> {
        // Most orders are left alone.
      }
    }
  }

  /** Twice under the same key, if the first outcome is unknown. */
  private void insist(String what, String orderId, String key, String path, String body) {
    if (stage.admin().post(what, orderId, key, path, body).result() == Result.UNKNOWN) {
      stage.admin().post(what, orderId, key, path, body);
    }
  }

  private static String uuid(SplittableRandom random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /** Lets every client end what it is about. */
  @Override
  public void close() {
    goOn = false;
    for (var client : clients) {
      try {
        client.get(2, TimeUnit.MINUTES);
      } catch (ExecutionException e) {
        throw new AssertionError("A client met what must never be", e.getCause());
      } catch (java.util.concurrent.TimeoutException | InterruptedException e) {
        throw new IllegalStateException("A client does not end", e);
      }
    }
    threads.close();
  }
}
