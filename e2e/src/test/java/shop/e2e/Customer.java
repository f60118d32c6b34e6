package shop.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who calls the platform through its gateway, with or without a login. */
final class Customer {

  static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final URI gateway;
  private final String email;
  private @Nullable String token;

  private Customer(URI gateway, String email) {
    this.gateway = gateway;
    this.email = email;
  }

  /** Registers with a new address and logs in. */
  static Customer registered(URI gateway) {
    var customer = new Customer(gateway, "c-" + UUID.randomUUID() + "@example.org");
    var credentials = credentials(customer.email, "correct horse battery");
    var registered = customer.post("/auth/register", credentials);
    if (registered.statusCode() != 201) {
      throw new AssertionError("register: " + registered.statusCode() + " " + registered.body());
    }
    return customer.login("correct horse battery");
  }

  static Customer loggedIn(URI gateway, String email, String password) {
    return new Customer(gateway, email).login(password);
  }

  static Customer stranger(URI gateway) {
    return new Customer(gateway, "nobody@example.org");
  }

  String email() {
    return email;
  }

  private Customer login(String password) {
    var response = post("/auth/login", credentials(email, password));
    if (response.statusCode() != 200) {
      throw new AssertionError("login: " + response.statusCode() + " " + response.body());
    }
    token = json(response).get("access_token").asString();
    return this;
  }

  static String order(String sku, int quantity, String paymentMethod) {
    return """
    {"items":[{"sku":"%s","quantity":%d}],"currency":"EUR","paymentMethod":"%s",
     "shippingAddress":{"name":"Ada","line1":"1 Street","city":"Berlin","postalCode":"10115","country":"DE"}}\
    """
        .formatted(sku, quantity, paymentMethod);
  }

  HttpResponse<String> place(String key, String body) {
    return send(
        request("/orders").header("Idempotency-Key", key).POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, String body) {
    return send(request(path).POST(BodyPublishers.ofString(body)));
  }

  /** Asks something under a key of its own. */
  HttpResponse<String> post(String path, String key, String body) {
    return send(request(path).header("Idempotency-Key", key).POST(BodyPublishers.ofString(body)));
  }

  /** The lines of a stream of events, as they come. */
  Stream<String> follow(String path) {
    try {
      var request = request(path).header("Accept", "text/event-stream").build();
      return HTTP.send(request, BodyHandlers.ofLines()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String status(String orderId) {
    return json(get("/orders/" + orderId)).path("status").asString();
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  private static String credentials(String email, String password) {
    return "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password);
  }

  private HttpRequest.Builder request(String path) {
    var request =
        HttpRequest.newBuilder(gateway.resolve(path)).header("Content-Type", "application/json");
    return token == null ? request : request.header("Authorization", "Bearer " + token);
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
