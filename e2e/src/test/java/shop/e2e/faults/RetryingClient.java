package shop.e2e.faults;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import shop.e2e.ApiClient;
import shop.e2e.faults.ClientHistory.Accepted;
import shop.e2e.faults.ClientHistory.Operation;
import shop.e2e.faults.ClientHistory.RequestResult;

/**
 * A well-behaved client of the platform: every write has an idempotency key, and an order whose
 * result is unknown is placed again under the same key.
 */
final class RetryingClient {

  private static final Duration PAUSE = Duration.ofMillis(300);

  private final ApiClient customer;
  private final ClientHistory history;

  RetryingClient(ApiClient customer, ClientHistory history) {
    this.customer = customer;
    this.history = history;
  }

  /**
   * The response to a request.
   *
   * @param status 0 if there was none
   */
  record Response(RequestResult result, int status, String body) {}

  String email() {
    return customer.email();
  }

  String token() {
    return customer.token();
  }

  /** The order id that follows from the customer and the key. */
  String orderId(String key) {
    return Uuid5.of(customer.id(), key).toString();
  }

  /** Places an order with a single request. */
  Response tryPlace(String key, String body) {
    String id = orderId(key);
    var response = sendAndRecord("place", id, key, () -> customer.place(key, body));
    if (response.result() == RequestResult.OK) {
      String acceptedId = ApiClient.JSON.readTree(response.body()).get("id").asString();
      history.recordAccepted(new Accepted(acceptedId, key, customer.email(), response.body()));
      if (!acceptedId.equals(id)) {
        history.recordViolation(
            acceptedId, "was created under key %s, expected order %s".formatted(key, id));
      }
    }
    return response;
  }

  /**
   * Places an order and repeats the request until its result is known or {@code retry} returns
   * false.
   */
  Response place(String key, String body, BooleanSupplier retry) {
    var response = tryPlace(key, body);
    while (response.result() == RequestResult.UNKNOWN && retry.getAsBoolean()) {
      LockSupport.parkNanos(PAUSE.toNanos());
      response = tryPlace(key, body);
    }
    return response;
  }

  /** Posts a request about an order under a key. */
  Response post(String action, String orderId, String key, String path, String body) {
    return sendAndRecord(action, orderId, key, () -> customer.post(path, key, body));
  }

  Response cancel(String orderId) {
    return post("cancel", orderId, "cancel", "/orders/" + orderId + "/cancel", "{}");
  }

  /** Sends a GET request, which is not recorded in the history. */
  Response get(String path) {
    return send(() -> customer.get(path));
  }

  private Response sendAndRecord(
      String action, String orderId, String key, Supplier<HttpResponse<String>> request) {
    var at = Instant.now();
    var response = send(request);
    var error = response.result() == RequestResult.OK ? "" : response.body();
    history.add(
        new Operation(at, action, orderId, key, response.result(), response.status(), error));
    return response;
  }

  private Response send(Supplier<HttpResponse<String>> request) {
    try {
      var response = request.get();
      if (response.statusCode() == 401) {
        // The token has expired, or the session was lost with Redis.
        customer.login();
        response = request.get();
      }
      return new Response(resultOf(response), response.statusCode(), response.body());
    } catch (UncheckedIOException e) {
      return new Response(RequestResult.UNKNOWN, 0, String.valueOf(e.getMessage()));
    } catch (ApiClient.LoginFailed e) {
      return new Response(RequestResult.UNKNOWN, 401, String.valueOf(e.getMessage()));
    }
  }

  private static RequestResult resultOf(HttpResponse<String> response) {
    int status = response.statusCode();
    @Nullable String retryAfter = response.headers().firstValue("Retry-After").orElse(null);
    if (status >= 500 || status == 401 || status == 429 || retryAfter != null) {
      return RequestResult.UNKNOWN;
    }
    return status < 300 ? RequestResult.OK : RequestResult.REJECTED;
  }
}
