package shop.order.catalog;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.stereotype.Service;
import shop.common.id.Uuids;
import shop.common.problem.Problem;
import shop.common.time.Polling;
import shop.order.AdjustmentId;
import shop.order.Deadline;
import shop.order.IdempotencyKey;
import shop.order.OrderTimings;
import shop.order.StockAdjusted;
import shop.order.archive.ArchiveUnavailable;
import shop.order.archive.ArchivedAdjustments;
import shop.order.store.Evictions;
import shop.order.store.InFlight;
import shop.order.store.Stock;

/**
 * Adjusts the stock, each adjustment exactly once: its id is derived from the SKU and the caller's
 * key, and the projector applies an id once. Pieces that are to be removed are reserved first, so
 * that no order gets them in the meantime and the stock never falls below zero.
 */
@Service
public class Adjustments {

  private static final UUID NAMESPACE = UUID.fromString("5f0c3f5e-6c0b-4b67-9d53-3ad2a0f3b1c4");
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

  private final CatalogLog log;
  private final Stock stock;
  private final Evictions evictions;
  private final ArchivedAdjustments archive;
  private final InFlight inFlight;
  private final OrderTimings timings;
  private final Clock clock;

  Adjustments(
      CatalogLog log,
      Stock stock,
      Evictions evictions,
      ArchivedAdjustments archive,
      InFlight inFlight,
      OrderTimings timings,
      Clock clock) {
    this.log = log;
    this.stock = stock;
    this.evictions = evictions;
    this.archive = archive;
    this.inFlight = inFlight;
    this.timings = timings;
    this.clock = clock;
  }

  /** The result of a request to adjust the stock. */
  public sealed interface Result {

    /**
     * The stock includes the adjustment.
     *
     * @param left pieces that can be sold now
     * @param replayed whether an earlier request made it
     */
    record Applied(UUID id, long delta, long left, boolean replayed) implements Result {}

    /** The key belongs to an adjustment of this many pieces, for this or another reason. */
    record KeyReused(long delta) implements Result {}

    /** There are fewer pieces than are to be removed. */
    record OutOfStock(Stock.Shortage shortage) implements Result {}
  }

  /**
   * Adjusts the stock of a product.
   *
   * @param delta pieces that are added, or removed if negative; not 0
   * @throws Problem 503 if the result is not known yet
   * @throws ArchiveUnavailable if PostgreSQL does not tell whether the adjustment was made before
   */
  public Result adjust(String sku, IdempotencyKey key, long delta, String reason) {
    UUID id = Uuids.v5(NAMESPACE, sku + "/" + key.value());
    var adjusted = new StockAdjusted(sku, delta, reason);
    return applied(sku, id)
        .or(() -> archived(sku, id))
        .map(applied -> result(id, adjusted, applied, true))
        .orElseGet(() -> append(id, adjusted));
  }

  /** An adjustment whose id has left Redis. */
  private Optional<Stock.Adjustment> archived(String sku, UUID id) {
    var evicted = evictions.evicted();
    if (evicted.isEmpty()) {
      return Optional.empty();
    }
    return archive
        .find(new AdjustmentId(sku, id.toString()))
        .reaching(evicted::areReachedBy)
        .map(found -> new Stock.Adjustment(found.delta(), found.fingerprint()));
  }

  private Result append(UUID id, StockAdjusted adjusted) {
    String sku = adjusted.sku();
    long delta = adjusted.delta();
    var deadline = new Deadline(clock.instant().plus(timings.deadline()));
    try (var inFlightCommand = inFlight.begin()) {
      if (delta < 0) {
        switch (stock.reserve(id, sku, -delta, timings.hold())) {
          case Stock.ReservationResult.Reserved() -> {}
          case Stock.ReservationResult.DifferentQuantity(var pieces) -> {
            return new Result.KeyReused(-pieces);
          }
          case Stock.ReservationResult.OutOfStock(var shortage) -> {
            // The same request may have removed them a moment ago.
            return applied(sku, id)
                .map(applied -> result(id, adjusted, applied, true))
                .orElseGet(() -> new Result.OutOfStock(shortage));
          }
        }
      }
      try {
        log.append(id.toString(), adjusted, deadline);
      } catch (Problem unknown) {
        inFlightCommand.markUnknown(deadline);
        throw unknown;
      }
    }
    return result(id, adjusted, awaitApplied(sku, id), false);
  }

  private Result result(
      UUID id, StockAdjusted requested, Stock.Adjustment applied, boolean replayed) {
    return applied.isOf(requested.delta(), requested.fingerprint())
        ? new Result.Applied(id, applied.delta(), stock.available(requested.sku()), replayed)
        : new Result.KeyReused(applied.delta());
  }

  private Stock.Adjustment awaitApplied(String sku, UUID id) {
    var applied = new AtomicReference<Optional<Stock.Adjustment>>(Optional.empty());
    try {
      Polling.await(
          TIMEOUT,
          POLL_INTERVAL,
          () -> {
            applied.set(applied(sku, id));
            return applied.get().isPresent();
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return applied.get().orElseThrow(CatalogLog::resultUnknown);
  }

  private Optional<Stock.Adjustment> applied(String sku, UUID id) {
    return stock.adjustment(sku, id.toString());
  }
}
