package shop.order;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import shop.common.json.Json;
import shop.common.testkit.TestTokens;
import tools.jackson.databind.JsonNode;

/** A customer who calls the API as one would from outside. */
public final class TestOrders {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String base;
  private final UUID customer = UUID.randomUUID();
  private final String token = TestTokens.customer(customer);

  public TestOrders(int port) {
    this.base = "http://127.0.0.1:" + port;
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

  public HttpResponse<String> placeWithoutKey(String body) {
    return send(request("/orders").POST(BodyPublishers.ofString(body)));
  }

  public HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  public JsonNode order(String id) {
    return json(get("/orders/" + id));
  }

  public String placed(String sku, int quantity) {
    return json(place(UUID.randomUUID().toString(), body(sku, quantity))).get("id").asString();
  }

  public UUID customer() {
    return customer;
  }

  public static JsonNode json(HttpResponse<String> response) {
    return Json.MAPPER.readTree(response.body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
