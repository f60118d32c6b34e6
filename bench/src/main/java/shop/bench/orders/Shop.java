package shop.bench.orders;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Client of the running shop for its customers and its admin. */
public final class Shop {

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI gateway;
  private final String admin;
  private final String password;
  private @Nullable String projectionToken;

  /**
   * The shop of a running platform.
   *
   * @param environment the variables of its {@code demo.env}
   */
  public Shop(Map<String, String> environment) {
    gateway = URI.create(required(environment, "GATEWAY_URL"));
    admin = required(environment, "DEMO_ADMIN");
    password = required(environment, "DEMO_PASSWORD");
  }

  /** The base URL of the API. */
  public URI gateway() {
    return gateway;
  }

  /** Access tokens of the benchmark's customers, who are registered if necessary. */
  public List<String> customers(int number) throws IOException, InterruptedException {
    var tokens = new ArrayList<String>();
    for (int i = 0; i < number; i++) {
      String email = "bench-%d@shop.test".formatted(i);
      var login = login(email);
      if (login.statusCode() == 401) {
        expect(
            201,
            send(
                request(gateway, "/auth/register", null)
                    .POST(json(Map.of("email", email, "password", password)))));
        login = login(email);
      }
      tokens.add(expect(200, login).get("access_token").asString());
    }
    return tokens;
  }

  /** An access token of the admin. */
  public String adminToken() throws IOException, InterruptedException {
    return expect(200, login(admin)).get("access_token").asString();
  }

  /** Available pieces by SKU of all products with a price in euros. */
  public Map<String, Long> stock() throws IOException, InterruptedException {
    var left = new LinkedHashMap<String, Long>();
    // With a token, because the gateway answers the public request from its cache.
    var page = expect(200, send(request(gateway, "/products", adminToken()).GET()));
    for (var product : page.get("items")) {
      boolean inEuros =
          product
              .get("prices")
              .valueStream()
              .anyMatch(price -> price.get("currency").asString().equals("EUR"));
      if (inEuros) {
        left.put(product.get("sku").asString(), product.get("left").asLong());
      }
    }
    return left;
  }

  /** Adjusts the stock of each product by a number of pieces. */
  public void adjust(Map<String, Long> deltas) throws IOException, InterruptedException {
    String token = adminToken();
    for (var delta : deltas.entrySet()) {
      if (delta.getValue() != 0) {
        expect(
            201,
            send(
                request(gateway, "/products/" + delta.getKey() + "/stock", token)
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .POST(json(Map.of("delta", delta.getValue(), "reason", "./measure orders")))));
      }
    }
  }

  /** Reports that an order was handed to a carrier; returns the status of the response. */
  int ship(String order, String token) throws IOException, InterruptedException {
    var shipment = Map.of("carrier", "Post", "trackingNumber", "B" + order.substring(0, 12));
    return send(request(gateway, "/orders/" + order + "/shipments", token)
            .header("Idempotency-Key", order)
            .POST(json(shipment)))
        .statusCode();
  }

  /** Requests that Redis is emptied and rebuilt from the log. */
  void requestRebuild() throws IOException, InterruptedException {
    expect(
        202,
        send(
            request(gateway, "/admin/orders/projection/rebuilds", adminToken())
                .POST(HttpRequest.BodyPublishers.noBody())));
  }

  /** The progress of the projection to Redis. */
  JsonNode projection() throws IOException, InterruptedException {
    if (projectionToken == null) {
      projectionToken = adminToken();
    }
    return expect(200, send(request(gateway, "/admin/orders/projection", projectionToken).GET()));
  }

  private HttpResponse<String> login(String email) throws IOException, InterruptedException {
    return send(
        request(gateway, "/auth/login", null)
            .POST(json(Map.of("email", email, "password", password))));
  }

  /**
   * The response to a GET.
   *
   * @throws IOException if its status is not 200
   */
  public JsonNode get(String path, String token) throws IOException, InterruptedException {
    return expect(200, send(request(gateway, path, token).GET()));
  }

  private static HttpRequest.Builder request(URI base, String path, @Nullable String token) {
    var request =
        HttpRequest.newBuilder(base.resolve(path)).header("Content-Type", "application/json");
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpRequest.BodyPublisher json(Object body) {
    return BodyPublishers.ofString(JSON.writeValueAsString(body));
  }

  private static JsonNode expect(int status, HttpResponse<String> response) throws IOException {
    if (response.statusCode() != status) {
      throw new IOException(
          "%s %s returned %d, expected %d: %s"
              .formatted(
                  response.request().method(),
                  response.uri(),
                  response.statusCode(),
                  status,
                  response.body()));
    }
    return JSON.readTree(response.body());
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          name + " is not set. Start the platform (./start --detach) and use ./measure orders");
    }
    return value;
  }
}
