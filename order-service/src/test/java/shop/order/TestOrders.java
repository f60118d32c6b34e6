package shop.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import shop.common.json.Json;
import shop.common.testkit.TestTokens;
import tools.jackson.databind.JsonNode;

/** A customer or an admin who calls the API over HTTP. */
public final class TestOrders {

  /** Longer than any test keeps a request waiting. */
  private static final Duration TIMEOUT = Duration.ofMinutes(4);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String base;
  private final UUID customer;
  private final String token;

  public TestOrders(int port) {
    this(port, false);
  }

  private TestOrders(int port, boolean admin) {
    this(port, UUID.randomUUID(), admin);
  }

  private TestOrders(int port, UUID account, boolean admin) {
    this(port, account, admin ? TestTokens.admin(account) : TestTokens.customer(account));
  }

  private TestOrders(int port, UUID account, String token) {
    this.base = "http://127.0.0.1:" + port;
    this.customer = account;
    this.token = token;
  }

  /** An admin with a new account. */
  public static TestOrders admin(int port) {
    return new TestOrders(port, true);
  }

  /** The same customer, calling another instance. */
  public TestOrders at(int port) {
    return new TestOrders(port, customer, token);
  }

  /** The same client, not logged in. */
  public TestOrders withoutToken() {
    return new TestOrders(URI.create(base).getPort(), customer, "");
  }

  public static String body(String sku, int quantity) {
    return """
    {"items":[{"sku":"%s","quantity":%d}],"currency":"EUR","paymentMethod":"pm_card_visa",
     "shippingAddress":{"name":"Ada","line1":"1 Street","city":"Berlin","postalCode":"10115","country":"DE"}}\
    """
        .formatted(sku, quantity);
  }

  public HttpResponse<String> place(String key, String body) {
    return send(
        request("/orders").header("Idempotency-Key", key).POST(BodyPublishers.ofString(body)));
  }

  /** Sends these bytes as a request to place an order; returns the status. */
  public int place(String key, byte[] body, String contentType) {
    return send(HttpRequest.newBuilder(URI.create(base + "/orders"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", contentType)
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofByteArray(body)))
        .statusCode();
  }

  public HttpResponse<String> placeWithoutKey(String body) {
    return send(request("/orders").POST(BodyPublishers.ofString(body)));
  }

  /** Sends a command with an idempotency key. */
  public HttpResponse<String> post(String path, String key, String body) {
    return send(request(path).header("Idempotency-Key", key).POST(BodyPublishers.ofString(body)));
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send(with(headers, request(path)).GET());
  }

  public HttpResponse<String> head(String path, String... headers) {
    return send(with(headers, request(path)).HEAD());
  }

  public HttpResponse<String> options(String path) {
    return send(request(path).method("OPTIONS", BodyPublishers.noBody()));
  }

  public HttpResponse<String> put(String path, String body, String... headers) {
    return send(with(headers, request(path)).PUT(BodyPublishers.ofString(body)));
  }

  public HttpResponse<String> post(String path, String body, String... headers) {
    return send(with(headers, request(path)).POST(BodyPublishers.ofString(body)));
  }

  public JsonNode order(String id) {
    return json(get("/orders/" + id));
  }

  /** The ids of the orders on all pages of a list. */
  public List<String> ids(String list) {
    List<String> ids = new ArrayList<>();
    String next = list;
    while (next != null) {
      var response = get(next);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      json(response)
          .get("items")
          .valueStream()
          .map(order -> order.get("id").asString())
          .forEach(ids::add);
      next =
          response
              .headers()
              .firstValue("Link")
              .map(link -> link.substring(1, link.indexOf('>')))
              .orElse(null);
    }
    return ids;
  }

  public String placed(String sku, int quantity) {
    return json(place(UUID.randomUUID().toString(), body(sku, quantity))).get("id").asString();
  }

  /** The access token of this customer. */
  public String token() {
    return token;
  }

  public UUID customer() {
    return customer;
  }

  public static JsonNode json(HttpResponse<String> response) {
    return Json.MAPPER.readTree(response.body());
  }

  private static HttpRequest.Builder with(String[] headers, HttpRequest.Builder request) {
    return headers.length == 0 ? request : request.headers(headers);
  }

  private HttpRequest.Builder request(String path) {
    var request =
        HttpRequest.newBuilder(URI.create(base + path)).header("Content-Type", "application/json");
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
