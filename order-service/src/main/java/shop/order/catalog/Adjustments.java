package shop.order.catalog;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import shop.common.id.Uuids;
import shop.common.problem.Problem;
import shop.order.Deadline;
import shop.order.IdempotencyKey;
import shop.order.store.InFlight;
import shop.order.store.Stock;

/**
 * Changes the stock, each change once for ever: its id is made of the sku and the caller's key, and
 * the projector applies an id once. What is to be taken out is set aside first, so that no order
 * gets it meanwhile and nothing goes below zero.
 */
@Service
class Adjustments {

  private static final UUID NAMESPACE = UUID.fromString("5f0c3f5e-6c0b-4b67-9d53-3ad2a0f3b1c4");
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

  /** From the start of a request until its adjustment must be in the log. */
  private static final Duration IN_TIME = Duration.ofSeconds(30);

  /** Longer than that: what was set aside waits so long for its adjustment. */
  private static final Duration HOLD = Duration.ofSeconds(60);

  private final Catalog catalog;
  private final CatalogLog log;
  private final Stock stock;
  private final InFlight inFlight;
  private final Clock clock;

  Adjustments(Catalog catalog, CatalogLog log, Stock stock, InFlight inFlight, Clock clock) {
    this.catalog = catalog;
    this.log = log;
    this.stock = stock;
    this.inFlight = inFlight;
    this.clock = clock;
  }

  /**
   * An adjustment that the stock contains.
   *
   * @param left pieces that can be sold now
   * @param replayed whether an earlier request made it
   */
  record Adjusted(UUID id, String sku, long delta, long left, boolean replayed) {}

  /**
   * Adjusts the stock of a product.
   *
   * @throws Problem 404 if there is no such product, 409 if there is too little, 422 if the key
   *     belongs to another change, 503 if the outcome is not known yet
   */
  Adjusted adjust(String sku, IdempotencyKey key, StockRequest request) {
    if (catalog.find(sku).isEmpty()) {
      throw ProductsController.noSuchProduct(sku);
    }
    request.requireChange();
    UUID id = Uuids.v5(NAMESPACE, sku + "/" + key.value());
    return contained(sku, id)
        .map(delta -> adjusted(id, sku, request.delta(), delta, true))
        .orElseGet(() -> append(id, sku, request));
  }

  private Adjusted append(UUID id, String sku, StockRequest request) {
    long delta = request.delta();
    var deadline = new Deadline(clock.instant().plus(IN_TIME));
    try (var flight = inFlight.begin()) {
      if (delta < 0) {
        switch (stock.setAside(id, sku, -delta, HOLD)) {
          case Stock.SetAside.Done() -> {}
          case Stock.SetAside.Other(var pieces) -> throw otherChange(sku, -pieces);
          case Stock.SetAside.TooFew(var shortage) -> {
            // The same request may have taken them out a moment ago.
            return contained(sku, id)
                .map(done -> adjusted(id, sku, delta, done, true))
                .orElseThrow(() -> tooFew(shortage));
          }
        }
      }
      try {
        log.append(id.toString(), new StockAdjusted(sku, delta, request.reason()), deadline);
      } catch (Problem unknown) {
        flight.lose(deadline);
        throw unknown;
      }
    }
    return adjusted(id, sku, delta, awaitContained(sku, id), false);
  }

  private Adjusted adjusted(UUID id, String sku, long wanted, long contained, boolean replayed) {
    if (contained != wanted) {
      throw otherChange(sku, contained);
    }
    return new Adjusted(id, sku, contained, stock.left(sku), replayed);
  }

  private long awaitContained(String sku, UUID id) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        var delta = contained(sku, id);
        if (delta.isPresent()) {
          return delta.get();
        }
        TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw CatalogLog.unknown();
  }

  private Optional<Long> contained(String sku, UUID id) {
    return stock.adjustment(sku, id.toString());
  }

  private static Problem otherChange(String sku, long delta) {
    return Problem.of(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "idempotency-key-reused",
            "Idempotency-Key already used")
        .detail(
            "This Idempotency-Key adjusts %s by %d. Use a new one for another change"
                .formatted(sku, delta));
  }

  private static Problem tooFew(Stock.Shortage shortage) {
    return Problem.of(HttpStatus.CONFLICT, "out-of-stock", "Not enough stock")
        .detail("Of %s there are %d left".formatted(shortage.sku(), shortage.left()))
        .with("sku", shortage.sku())
        .with("left", shortage.left());
  }
}
