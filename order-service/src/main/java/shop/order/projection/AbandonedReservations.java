package shop.order.projection;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import shop.order.store.Epoch;
import shop.order.store.Positions;
import shop.order.store.RedisUnavailable;
import shop.order.store.Stock;

/**
 * Frees the pieces of orders that crashed before they reached the log. Whoever says that an order
 * is not there has read the log to its end first.
 */
@Component
class AbandonedReservations {

  private static final Logger log = LoggerFactory.getLogger(AbandonedReservations.class);

  /** How much longer than promised a reservation waits, for clocks that differ. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final int AT_ONCE = 100;

  private final Epoch epoch;
  private final Stock stock;
  private final Positions positions;
  private final OrderLogEnds logEnds;
  private final Clock clock;

  AbandonedReservations(
      Epoch epoch, Stock stock, Positions positions, OrderLogEnds logEnds, Clock clock) {
    this.epoch = epoch;
    this.stock = stock;
    this.positions = positions;
    this.logEnds = logEnds;
    this.clock = clock;
  }

  /** One look; what cannot be said now is said at the next. */
  @Scheduled(fixedDelayString = "${shop.placement.look-for-abandoned}")
  void release() {
    if (!epoch.isOpen()) {
      return;
    }
    try {
      var overdue = stock.overdue(clock.instant(), MARGIN, AT_ONCE);
      if (overdue.isEmpty()) {
        return;
      }
      var commands = logEnds.ofCommands();
      if (!soon(() -> logEnds.isDecided(commands))) {
        return;
      }
      var ends = logEnds.ofApplied();
      if (!soon(() -> Positions.reach(positions.of(ends.keySet()), ends))) {
        return;
      }
      for (var id : overdue) {
        log.info(
            "The reservation of order {} was overdue: {}", id, stock.abandon(id, MARGIN, ends));
      }
    } catch (RedisUnavailable | KafkaException e) {
      log.warn("Cannot look for abandoned reservations now: {}", e.toString());
    }
  }

  /** While orders arrive the end of a moment ago is reached a moment later. */
  private static boolean soon(BooleanSupplier reached) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!reached.getAsBoolean()) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
