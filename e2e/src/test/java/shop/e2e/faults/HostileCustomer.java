package shop.e2e.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import shop.e2e.ApiClient;
import shop.e2e.faults.ClientHistory.RequestResult;

/**
 * A customer who sends what no client should. Each input is refused with a 4xx, or the order is
 * accepted and then settled like any other; none is a 500, and none becomes a dead letter (I10).
 */
final class HostileCustomer {

  /** Payment methods and products that the provider refuses, or the platform before it. */
  private static final List<String> REFUSED_ORDERS =
      List.of(
          ApiClient.order("MUG-WHITE", 1, "pm_nosuch123"),
          ApiClient.order("MUG-WHITE", 1, "pm_bogus"),
          ApiClient.order("MUG-WHITE", 1, "pm_card_chargeDeclinedStolenCard"),
          ApiClient.order(FaultPlatform.GOLD, 2, "pm_card_visa"),
          ApiClient.order(FaultPlatform.STICKER, 1, "pm_card_visa"));

  /** Bodies of {@code POST /orders} that are malformed or invalid. */
  private static final List<String> INVALID_BODIES =
      List.of(
          ApiClient.order("MUG-WHITE", 1, "pm_card_visa").replace("Ada", "\u00c0\u00af"),
          ApiClient.order("MUG-WHITE", 1, "pm_card_visa").replace("Ada", "\\ud800"),
          ApiClient.order("MUG-WHITE", 1, "pm_card_visa").replace("Ada", "Ada\\r\\nBcc: x@x.test"),
          ApiClient.order("MUG-WHITE", 1, "pm_card_visa").replace("Ada", "A".repeat(100_000)),
          ApiClient.order("MUG-WHITE", 1, "pm_card_visa").replace("\"EUR\"", "\"EUR\",\"total\":1"),
          "[".repeat(5_000),
          "{\"items\":null}");

  private static final List<String> INVALID_QUERIES =
      List.of(
          "/orders?limit=0x10",
          "/orders?limit=%2310",
          "/orders?foo=%FF",
          "/orders?cursor=%00",
          "/orders?from=+1000000000-01-01T00:00:00Z",
          "/orders/%FF",
          "/orders/not-an-id");

  private final RetryingClient client;
  private final URI gateway;
  private final ClientHistory history;

  HostileCustomer(RetryingClient client, URI gateway, ClientHistory history) {
    this.client = client;
    this.gateway = gateway;
    this.history = history;
  }

  /** Does one thing that a client should not do. */
  void act(SplittableRandom random, BooleanSupplier retry) {
    String key = Load.uuid(random);
    switch (random.nextInt(6)) {
      case 0, 1 -> place(key, REFUSED_ORDERS.get(random.nextInt(REFUSED_ORDERS.size())), retry);
      case 2 ->
          requireRefused(
              "an invalid body",
              post(key, INVALID_BODIES.get(random.nextInt(INVALID_BODIES.size()))));
      case 3 ->
          requireRefused(
              "two Idempotency-Key lines",
              post(key + "\r\nIdempotency-Key: " + key, FaultPlatform.ORDER));
      case 4 ->
          requireRefused(
              "an invalid query",
              get("GET", INVALID_QUERIES.get(random.nextInt(INVALID_QUERIES.size()))));
      default -> streams(key, retry);
    }
  }

  private void place(String key, String body, BooleanSupplier retry) {
    history.recordHostile(client.orderId(key));
    var response = client.place(key, body, retry);
    requireNo500("an order that the provider refuses", response.status());
  }

  /** Asks for the headers of an event stream, and opens one and hangs up. */
  private void streams(String key, BooleanSupplier retry) {
    var placed = client.place(key, FaultPlatform.ORDER, retry);
    if (placed.result() == RequestResult.OK) {
      String events = "/orders/" + client.orderId(key) + "/events";
      requireNo500("HEAD of an event stream", get("HEAD", events));
      requireNo500("an event stream that the client leaves", get("GET", events));
    }
  }

  private int post(String key, String body) {
    return RawHttp.status(
        gateway,
        head("POST", "/orders")
            + "Content-Type: application/json\r\nIdempotency-Key: %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(key, body.getBytes(ISO_8859_1).length, body));
  }

  private int get(String method, String path) {
    return RawHttp.status(gateway, head(method, path) + "Accept: text/event-stream, */*\r\n\r\n");
  }

  private String head(String method, String path) {
    return "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nAuthorization: Bearer %s\r\n"
        .formatted(method, path, gateway.getAuthority(), client.token());
  }

  private void requireRefused(String input, int status) {
    requireNo500(input, status);
    if (status >= 200 && status < 300) {
      history.recordHostileViolation(input + " was accepted with " + status);
    }
  }

  private void requireNo500(String input, int status) {
    if (status == 500) {
      history.recordHostileViolation(input + " caused a 500");
    }
  }
}
