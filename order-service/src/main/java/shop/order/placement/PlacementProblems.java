package shop.order.placement;

import java.time.Duration;
import org.springframework.http.HttpStatus;
import shop.common.problem.Problem;
import shop.order.store.Stock;

/** The problems of requests to place orders. Repeating any of the 503 is safe. */
final class PlacementProblems {

  private PlacementProblems() {}

  static Problem unknown() {
    return Problem.unavailable(
        "It is not known whether the order was accepted. Repeat the request with the same"
            + " Idempotency-Key",
        Duration.ofSeconds(2));
  }

  static Problem olderOrdersUnavailable() {
    return Problem.unavailable(
        "This Idempotency-Key may belong to an older order, which cannot be read now. Repeat the"
            + " request with the same Idempotency-Key",
        Duration.ofSeconds(2));
  }

  static Problem clocksDiffer(String explanation) {
    return Problem.unavailable(
        explanation
            + ", so the order was not accepted. Repeat the request later with the same"
            + " Idempotency-Key",
        Duration.ofSeconds(30));
  }

  static Problem outOfStock(Stock.Shortage shortage) {
    return Problem.of(HttpStatus.CONFLICT, "out-of-stock", "Not enough stock")
        .detail("Only %d pieces of %s are left".formatted(shortage.available(), shortage.sku()))
        .with("sku", shortage.sku())
        .with("left", shortage.available());
  }

  static Problem running(Duration left) {
    return Problem.of(HttpStatus.CONFLICT, "request-in-progress", "Request in progress")
        .detail("The same request is still being processed. Repeat it after a short time")
        .retryAfter(left.compareTo(Duration.ofSeconds(2)) < 0 ? left : Duration.ofSeconds(2));
  }

  static Problem otherRequest() {
    return Problem.idempotencyKeyReused(
        "This Idempotency-Key belongs to another request. Use a new key for a new order");
  }
}
