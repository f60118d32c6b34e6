package shop.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import shop.local.os.Failure;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An order as a customer places it, so that a start that does not work cannot look as if it did.
 */
final class FirstOrder {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Pattern UNSETTLED =
      Pattern.compile("^orders_unsettled(?:\\{.*})? (\\S+)$", Pattern.MULTILINE);
  private static final Set<String> ENDS = Set.of("CONFIRMED", "PAYMENT_FAILED", "CANCELLED");
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * What came of it.
   *
   * @param body the request, to be copied
   * @param took from the request to {@code CONFIRMED} seen
   */
  record Outcome(String id, String product, String total, String body, String way, Duration took) {}

  private final URI gateway;
  private final URI orderService;
  private final Duration limit;
  private final HttpClient http;

  /**
   * An order that is yet to be placed.
   *
   * @param orderService which tells how many orders are not settled
   * @param limit how long it is waited for while nothing gets less
   */
  FirstOrder(URI gateway, URI orderService, Duration limit, HttpClient http) {
    this.gateway = gateway;
    this.orderService = orderService;
    this.limit = limit;
    this.http = http;
  }

  static FirstOrder of(Platform platform, HttpClient http) {
    return new FirstOrder(platform.gatewayUrl(), platform.url("order-service", 0), LIMIT, http);
  }

  /**
   * Places an order and follows it to {@code CONFIRMED}. If orders of the last run are before it,
   * it is waited for as long as they get fewer.
   *
   * @param note hears how many are before it, each time the limit is over
   * @throws Failure that says which step failed
   */
  Outcome place(String customer, String password, Consumer<String> note) {
    var token = login(customer, password);
    var product = product(token);
    var body = body(product.get("sku").asString());
    double open = unsettled();
    var began = System.nanoTime();
    var since = began;
    var order = post("/orders", body, token);
    var id = order.get("id").asString();
    var way = new StringBuilder();
    var status = "";
    while (true) {
      var seen = order.get("status").asString();
      if (!seen.equals(status)) {
        way.append(way.isEmpty() ? "" : " → ").append(seen);
        status = seen;
      }
      if (ENDS.contains(status)) {
        break;
      }
      if (System.nanoTime() - since > limit.toNanos()) {
        double now = unsettled();
        if (!(now < open)) {
          throw unconfirmed(id, way);
        }
        open = now;
        since = System.nanoTime();
        note.accept(
            String.format(Locale.ROOT, "Orders of the last run come first: %,.0f are open", now));
        token = login(customer, password);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      order = get("/orders/" + id, token);
    }
    if (!status.equals("CONFIRMED")) {
      throw unconfirmed(id, way);
    }
    var took = Duration.ofNanos(System.nanoTime() - began);
    return new Outcome(id, name(product), total(order), body, way.toString(), took);
  }

  private Failure unconfirmed(String id, CharSequence way) {
    return new Failure(
        "The first order, %s, was not confirmed within %d s: %s. The logs tell why."
            .formatted(id, limit.toSeconds(), way));
  }

  private String login(String customer, String password) {
    var login = JSON.createObjectNode().put("email", customer).put("password", password);
    return post("/auth/login", login.toString(), "").get("access_token").asString();
  }

  /** How many orders are not settled, its own among them; NaN if order-service does not say. */
  private double unsettled() {
    var metrics = orderService.resolve("/actuator/prometheus");
    try {
      var answer =
          http.send(
              HttpRequest.newBuilder(metrics).timeout(TIMEOUT).build(), BodyHandlers.ofString());
      var line = UNSETTLED.matcher(answer.body());
      return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
    } catch (IOException e) {
      return Double.NaN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("The first order was interrupted.", e);
    }
  }

  /** The first that can be bought; a fresh catalog takes a moment to get its stock. */
  private JsonNode product(String token) {
    var deadline = System.nanoTime() + LIMIT.toNanos();
    do {
      for (var product : get("/products", token).path("items")) {
        if (product.path("left").asLong() > 0 && soldInEuro(product)) {
          return product;
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    } while (System.nanoTime() < deadline);
    throw new Failure("The catalog has no product in stock with a price in EUR.");
  }

  private static boolean soldInEuro(JsonNode product) {
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
    return "%.2f %s"
        .formatted(total.path("amount").asLong() / 100.0, total.path("currency").asString(""));
  }

  private static String body(String sku) {
    var order = JSON.createObjectNode();
    order.putArray("items").addObject().put("sku", sku).put("quantity", 1);
    order.put("currency", "EUR").put("paymentMethod", "pm_card_visa");
    order
        .putObject("shippingAddress")
        .put("name", "Ada Lovelace")
        .put("line1", "12 Analytical Row")
        .put("city", "Berlin")
        .put("postalCode", "10115")
        .put("country", "DE");
    return order.toString();
  }

  private JsonNode get(String path, String token) {
    return send("GET", path, request(path, token).GET());
  }

  private JsonNode post(String path, String body, String token) {
    var request =
        request(path, token)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.ofString(body));
    return send("POST", path, request);
  }

  private HttpRequest.Builder request(String path, String token) {
    var request = HttpRequest.newBuilder(gateway.resolve(path)).timeout(TIMEOUT);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private JsonNode send(String method, String path, HttpRequest.Builder request) {
    try {
      var answer = http.send(request.build(), BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new Failure(
            "The first order failed: %s %s was answered with %d: %s"
                .formatted(method, path, answer.statusCode(), answer.body()));
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new Failure(
          "The first order failed: the gateway did not answer %s %s (%s)."
              .formatted(method, path, e),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("The first order was interrupted.", e);
    }
  }
}
