package shop.local.launch;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Currency;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import shop.local.Platform;
import shop.local.ShopClient;
import shop.local.os.LaunchException;
import shop.local.os.Probe;
import tools.jackson.databind.JsonNode;

/** An order placed as a customer places it, so that a start only succeeds if the platform works. */
final class FirstOrder {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration CONFIRMATION_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STOCK_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
  private static final Pattern UNSETTLED =
      Pattern.compile("^orders_unsettled(?:\\{.*})? (\\S+)$", Pattern.MULTILINE);
  private static final Set<String> FINAL_STATUSES =
      Set.of("CONFIRMED", "PAYMENT_FAILED", "CANCELLED");

  /**
   * The first order, confirmed.
   *
   * @param requestBody the body of its POST, for the user to copy
   * @param statuses the statuses that were seen, in order: {@code PLACED → CONFIRMED}
   * @param latency from the request until {@code CONFIRMED} was read
   */
  record Confirmation(
      String id,
      String product,
      String total,
      String requestBody,
      String statuses,
      Duration latency) {}

  private final ShopClient shop;
  private final URI orderService;
  private final Duration timeout;
  private final HttpClient http;

  /**
   * An order that has not been placed.
   *
   * @param orderService the actuator of the instance whose metrics report the number of unsettled
   *     orders
   * @param timeout for the confirmation; it starts again as long as older orders are being settled
   */
  FirstOrder(URI gateway, URI orderService, Duration timeout, HttpClient http) {
    this.shop = new ShopClient("The first order", gateway, http);
    this.orderService = orderService;
    this.timeout = timeout;
    this.http = http;
  }

  static FirstOrder of(Platform platform, HttpClient http) {
    return new FirstOrder(
        platform.gatewayUrl(),
        platform.managementUrl("order-service", 0),
        CONFIRMATION_TIMEOUT,
        http);
  }

  /**
   * Places an order and waits until it is {@code CONFIRMED}. Orders that the previous run left
   * unsettled are settled before it; the wait goes on as long as their number falls.
   *
   * @param note receives the number of unsettled orders, each time the timeout has elapsed
   * @throws LaunchException if a step fails; the message says which
   */
  Confirmation place(String customer, String password, Consumer<String> note) {
    shop.login(customer, password);
    var product = product();
    var body = ShopClient.order(product.get("sku").asString(), "pm_card_visa");
    double unsettled = unsettledOrders();
    var began = System.nanoTime();
    var order = new Tracked(shop.post("/orders", body));
    if (!order.isFinal()) {
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
    while (!isFinalWithinTimeout(order)) {
      double now = unsettledOrders();
      if (!(now < unsettled)) {
        throw notConfirmed(order);
      }
      unsettled = now;
      note.accept(
          String.format(
              Locale.ROOT, "Orders of the previous run are settled first: %,.0f remain", now));
      shop.login(customer, password);
    }
    if (!order.status.equals("CONFIRMED")) {
      throw notConfirmed(order);
    }
    var latency = Duration.ofNanos(System.nanoTime() - began);
    return new Confirmation(
        order.id, name(product), total(order.latest), body, order.statuses.toString(), latency);
  }

  private boolean isFinalWithinTimeout(Tracked order) {
    return Probe.poll(
        timeout,
        POLL_INTERVAL,
        () -> {
          if (!order.isFinal()) {
            order.update(shop.get("/orders/" + order.id));
          }
          return order.isFinal();
        });
  }

  /** An order as it was last read, with the statuses seen so far. */
  private static final class Tracked {
    private final String id;
    private final StringBuilder statuses = new StringBuilder();
    private String status = "";
    private JsonNode latest;

    Tracked(JsonNode placed) {
      this.id = placed.get("id").asString();
      this.latest = placed;
      update(placed);
    }

    void update(JsonNode order) {
      latest = order;
      var current = order.get("status").asString();
      if (!current.equals(status)) {
        statuses.append(statuses.isEmpty() ? "" : " → ").append(current);
        status = current;
      }
    }

    boolean isFinal() {
      return FINAL_STATUSES.contains(status);
    }
  }

  private LaunchException notConfirmed(Tracked order) {
    return new LaunchException(
        "The first order, %s, was not confirmed within %d s. Its statuses: %s. See the logs of order-service and payment-service."
            .formatted(order.id, timeout.toSeconds(), order.statuses));
  }

  /**
   * The number of unsettled orders, including this one; NaN if order-service does not report it.
   */
  private double unsettledOrders() {
    var metrics = orderService.resolve("/actuator/prometheus");
    try {
      var response =
          http.send(
              HttpRequest.newBuilder(metrics).timeout(REQUEST_TIMEOUT).build(),
              BodyHandlers.ofString());
      var line = UNSETTLED.matcher(response.body());
      return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
    } catch (IOException e) {
      return Double.NaN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException("The first order was interrupted.", e);
    }
  }

  /** The first product that can be ordered. A new catalog has no stock for a moment. */
  private JsonNode product() {
    var found = new AtomicReference<@Nullable JsonNode>();
    Probe.poll(
        STOCK_TIMEOUT,
        POLL_INTERVAL,
        () -> {
          found.set(firstInStock(shop.get("/products").path("items")));
          return found.get() != null;
        });
    var product = found.get();
    if (product == null) {
      throw new LaunchException(
          "The first order failed: within %d s, the catalog had no product in stock with a price in EUR. See the log of order-service."
              .formatted(STOCK_TIMEOUT.toSeconds()));
    }
    return product;
  }

  private static @Nullable JsonNode firstInStock(JsonNode products) {
    for (var product : products) {
      if (product.path("left").asLong() > 0 && hasPriceInEuro(product)) {
        return product;
      }
    }
    return null;
  }

  private static boolean hasPriceInEuro(JsonNode product) {
    for (var price : product.path("prices")) {
      if (price.path("currency").asString("").equals("EUR")) {
        return true;
      }
    }
    return false;
  }

  private static String name(JsonNode product) {
    return product.path("name").asString(product.get("sku").asString());
  }

  private static String total(JsonNode order) {
    var total = order.path("total");
    String currency = total.path("currency").asString("");
    int decimals = Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
    var amount = BigDecimal.valueOf(total.path("amount").asLong(), decimals);
    return amount.toPlainString() + " " + currency;
  }
}
