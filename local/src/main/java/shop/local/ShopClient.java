package shop.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import shop.local.os.LaunchException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the gateway's API; after a login, with its access token. */
public final class ShopClient {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
  private static final int MAX_RETRIES = 20;
  private static final int UNAVAILABLE = 503;
  private static final JsonMapper JSON = new JsonMapper();

  private final String task;
  private final URI gateway;
  private final HttpClient http;
  private String token = "";

  /**
   * A client without a login.
   *
   * @param task begins the message of each failure: {@code The first order}
   */
  public ShopClient(String task, URI gateway, HttpClient http) {
    this.task = task;
    this.gateway = gateway;
    this.http = http;
  }

  /** Logs in, or logs in again. */
  public void login(String email, String password) {
    token = "";
    token = post("/auth/login", credentials(email, password)).get("access_token").asString();
  }

  /** The token of the last login; empty before. */
  public String accessToken() {
    return token;
  }

  /** Registers an account and logs in. */
  public void register(String email, String password) {
    post("/auth/register", credentials(email, password));
    login(email, password);
  }

  public JsonNode get(String path) {
    return json("GET", path, request(path).GET());
  }

  /** Posts under an idempotency key of its own. */
  public JsonNode post(String path, String body) {
    return json(
        "POST",
        path,
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.ofString(body)));
  }

  /** The response to a GET, whatever its status. */
  public <T> HttpResponse<T> exchange(
      String path, BodyHandler<T> body, String header, String value) {
    return send("GET", path, request(path).header(header, value).GET(), body);
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(gateway.resolve(path)).timeout(REQUEST_TIMEOUT);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private JsonNode json(String method, String path, HttpRequest.Builder request) {
    var response = sendUntilAvailable(method, path, request);
    if (response.statusCode() >= 300) {
      throw new LaunchException(
          "%s failed: %s %s returned %d: %s"
              .formatted(task, method, path, response.statusCode(), response.body()));
    }
    return response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body());
  }

  /** Repeats a request that was answered with 503 and {@code Retry-After}: it was not processed. */
  private HttpResponse<String> sendUntilAvailable(
      String method, String path, HttpRequest.Builder request) {
    var response = send(method, path, request, BodyHandlers.ofString());
    for (int i = 0; i < MAX_RETRIES && isRetryable(response); i++) {
      LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
      response = send(method, path, request, BodyHandlers.ofString());
    }
    return response;
  }

  private static boolean isRetryable(HttpResponse<?> response) {
    return response.statusCode() == UNAVAILABLE
        && response.headers().firstValue("Retry-After").isPresent();
  }

  private <T> HttpResponse<T> send(
      String method, String path, HttpRequest.Builder request, BodyHandler<T> body) {
    try {
      return http.send(request.build(), body);
    } catch (IOException e) {
      throw new LaunchException(
          "%s failed: the gateway did not respond to %s %s (%s).".formatted(task, method, path, e),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException(task + " was interrupted.", e);
    }
  }

  /** The body of an order of one piece. */
  public static String order(String sku, String paymentMethod) {
    var order = JSON.createObjectNode();
    order.putArray("items").addObject().put("sku", sku).put("quantity", 1);
    order.put("currency", "EUR").put("paymentMethod", paymentMethod);
    order
        .putObject("shippingAddress")
        .put("name", "Ada Lovelace")
        .put("line1", "12 Analytical Row")
        .put("city", "Berlin")
        .put("postalCode", "10115")
        .put("country", "DE");
    return order.toString();
  }

  private static String credentials(String email, String password) {
    return JSON.createObjectNode().put("email", email).put("password", password).toString();
  }
}
