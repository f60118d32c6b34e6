package shop.e2e.faults;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import shop.e2e.Customer;
import shop.e2e.faults.ClientHistory.Accepted;
import shop.e2e.faults.ClientHistory.Operation;
import shop.e2e.faults.ClientHistory.Result;

/**
 * Somebody who calls the platform as a careful client does: every request has a key, and one whose
 * outcome is unknown is asked again under the same key.
 */
final class Shopper {

  private static final Duration PAUSE = Duration.ofMillis(300);

  private final Customer customer;
  private final ClientHistory history;

  Shopper(Customer customer, ClientHistory history) {
    this.customer = customer;
    this.history = history;
  }

  /**
   * What came of a request.
   *
   * @param status 0 if no answer came
   */
  record Answer(Result result, int status, String body) {}

  String email() {
    return customer.email();
  }

  /** The id that an order has by its customer and its key. */
  String orderId(String key) {
    return Uuid5.of(customer.id(), key).toString();
  }

  /** Asks once for an order. */
  Answer tryPlace(String key, String body) {
    String id = orderId(key);
    var answer = ask("place", id, key, () -> customer.place(key, body));
    if (answer.result() == Result.OK) {
      String named = Customer.JSON.readTree(answer.body()).get("id").asString();
      history.accept(new Accepted(named, key, customer.email(), answer.body()));
      if (!named.equals(id)) {
        history.contradict(named, "key %s made it, and not order %s".formatted(key, id));
      }
    }
    return answer;
  }

  /** Asks for an order until the outcome is known, or it is no longer worth it. */
  Answer place(String key, String body, BooleanSupplier goOn) {
    var answer = tryPlace(key, body);
    while (answer.result() == Result.UNKNOWN && goOn.getAsBoolean()) {
      LockSupport.parkNanos(PAUSE.toNanos());
      answer = tryPlace(key, body);
    }
    return answer;
  }

  /** Asks something about an order under a key. */
  Answer post(String what, String orderId, String key, String path, String body) {
    return ask(what, orderId, key, () -> customer.post(path, key, body));
  }

  Answer cancel(String orderId) {
    return post("cancel", orderId, "cancel", "/orders/" + orderId + "/cancel", "{}");
  }

  /** Asks; nothing is recorded. */
  Answer get(String path) {
    return answer(() -> customer.get(path));
  }

  private Answer ask(
      String what, String orderId, String key, Supplier<HttpResponse<String>> request) {
    var asked = Instant.now();
    var answer = answer(request);
    var said = answer.result() == Result.OK ? "" : answer.body();
    history.add(new Operation(asked, what, orderId, key, answer.result(), answer.status(), said));
    return answer;
  }

  private Answer answer(Supplier<HttpResponse<String>> request) {
    try {
      var response = request.get();
      if (response.statusCode() == 401) {
        // The token's time is over, or the session went with Redis.
        customer.login();
        response = request.get();
      }
      return new Answer(resultOf(response), response.statusCode(), response.body());
    } catch (UncheckedIOException e) {
      return new Answer(Result.UNKNOWN, 0, String.valueOf(e.getMessage()));
    } catch (Customer.NoLogin e) {
      return new Answer(Result.UNKNOWN, 401, String.valueOf(e.getMessage()));
    }
  }

  private static Result resultOf(HttpResponse<String> response) {
    int status = response.statusCode();
    @Nullable String later = response.headers().firstValue("Retry-After").orElse(null);
    if (status >= 500 || status == 401 || status == 429 || later != null) {
      return Result.UNKNOWN;
    }
    return status < 300 ? Result.OK : Result.FAIL;
  }
}
