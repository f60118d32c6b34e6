package shop.e2e.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import shop.e2e.ApiClient;

/**
 * Customers who place one order after the other. An order that was not accepted is placed again
 * under its key until it is.
 */
final class OrderTraffic implements AutoCloseable {

  /** How many, each with at most one request in flight. */
  static final int CUSTOMERS = 4;

  /** All orders of a customer are on one page. */
  private static final int MAX_ORDERS = 100;

  private static final Duration PAUSE = Duration.ofMillis(200);

  private record Customer(ApiClient api, Map<String, String> orders) {}

  private final List<Customer> customers = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean stopped;

  private OrderTraffic(URI edge) {
    for (int i = 0; i < CUSTOMERS; i++) {
      customers.add(new Customer(ApiClient.registered(edge), new ConcurrentHashMap<>()));
    }
  }

  /** Starts it, and returns when orders are being accepted. */
  static OrderTraffic start(URI edge) {
    var traffic = new OrderTraffic(edge);
    traffic.customers.forEach(
        customer -> traffic.threads.execute(() -> traffic.placeOrders(customer)));
    traffic.awaitMore();
    return traffic;
  }

  private void placeOrders(Customer customer) {
    while (!stopped && customer.orders.size() < MAX_ORDERS) {
      var key = UUID.randomUUID().toString();
      while (!place(customer, key)) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private boolean place(Customer customer, String key) {
    try {
      var response = customer.api.place(key, ApiClient.order("MUG-WHITE", 1, "pm_card_visa"));
      if (response.statusCode() == 201) {
        customer.orders.put(key, ApiClient.json(response).get("id").asString());
        return true;
      }
      failures.add(response.statusCode() + " " + response.body());
    } catch (UncheckedIOException e) {
      failures.add(String.valueOf(e.getMessage()));
    }
    return false;
  }

  /** Waits until each customer's next orders were accepted. */
  void awaitMore() {
    for (var customer : customers) {
      int before = customer.orders.size();
      await()
          .atMost(TwoGateways.SOON)
          .until(() -> customer.orders.size() >= Math.min(before + 3, MAX_ORDERS));
    }
  }

  /** Requests without the answer 201, in words. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Ends it, and checks that each key gave one order. */
  void stop() {
    close();
    for (var customer : customers) {
      await()
          .atMost(TwoGateways.SOON)
          .untilAsserted(() ->
              assertThat(orders(customer))
                  .containsExactlyInAnyOrderElementsOf(customer.orders.values()));
      assertThat(orders(customer)).doesNotHaveDuplicates().hasSizeGreaterThan(3);
    }
  }

  private static List<String> orders(Customer customer) {
    var ids = new ArrayList<String>();
    ApiClient.json(customer.api.get("/orders?limit=" + MAX_ORDERS))
        .get("items")
        .forEach(order -> ids.add(order.get("id").asString()));
    return ids;
  }

  @Override
  public void close() {
    stopped = true;
    threads.shutdown();
    try {
      assertThat(threads.awaitTermination(TwoGateways.SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdownNow();
    }
  }
}
