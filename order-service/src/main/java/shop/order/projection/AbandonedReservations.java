package shop.order.projection;

import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import shop.common.time.Polling;
import shop.order.redis.Epoch;
import shop.order.redis.RedisUnavailable;
import shop.order.store.Positions;
import shop.order.store.Stock;

/**
 * Releases the pieces of orders that never reached the log because an instance crashed. It first
 * reads the log to its end, so that no such order is still to come.
 */
@Component
class AbandonedReservations {

  private static final Logger log = LoggerFactory.getLogger(AbandonedReservations.class);

  /** How long a reservation must be past its deadline, because clocks differ. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
  private static final int MAX_BATCH = 100;

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

  /** Checks once; a reservation that cannot be decided now is decided at the next check. */
  @Scheduled(fixedDelayString = "${shop.placement.abandoned-check-interval}")
  void release() {
    if (!epoch.isOpen()) {
      return;
    }
    try {
      var overdue = stock.overdue(clock.instant(), MARGIN, MAX_BATCH);
      if (overdue.isEmpty()) {
        return;
      }
      var commands = logEnds.ofCommands();
      if (!await(() -> logEnds.areProcessed(commands))) {
        return;
      }
      var ends = logEnds.ofApplied();
      if (!await(() -> Positions.haveReached(positions.of(ends.keySet()), ends))) {
        return;
      }
      for (var id : overdue) {
        log.info(
            "The reservation of order {} is past its deadline: {}",
            id,
            stock.releaseAbandoned(id, MARGIN, ends));
      }
    } catch (RedisUnavailable | KafkaException e) {
      log.warn("Cannot release abandoned reservations; checking again later: {}", e.toString());
    }
  }

  /** Polls, because the end offsets of a moment ago are reached a moment later. */
  private static boolean await(BooleanSupplier reached) {
    try {
      return Polling.await(TIMEOUT, POLL_INTERVAL, reached);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
