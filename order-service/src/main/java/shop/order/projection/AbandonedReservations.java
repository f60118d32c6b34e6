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
import shop.order.OrderTimings;
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

  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
  private static final int PAGE = 100;

  private final Epoch epoch;
  private final Stock stock;
  private final Positions positions;
  private final OrderLogEnds logEnds;
  private final Clock clock;

  /** How long a reservation must be past its deadline. */
  private final Duration margin;

  AbandonedReservations(
      Epoch epoch,
      Stock stock,
      Positions positions,
      OrderLogEnds logEnds,
      OrderTimings timings,
      Clock clock) {
    this.epoch = epoch;
    this.stock = stock;
    this.positions = positions;
    this.logEnds = logEnds;
    this.margin = timings.maxClockSkew();
    this.clock = clock;
  }

  /**
   * Checks until no reservation is overdue; one that cannot be decided now is decided at the next
   * check. After an outage of Kafka there may be thousands.
   */
  @Scheduled(fixedDelayString = "${shop.placement.abandoned-check-interval}")
  void release() {
    try {
      boolean mayBeMore = true;
      while (mayBeMore && epoch.isOpen()) {
        mayBeMore = releasePage();
      }
    } catch (RedisUnavailable | KafkaException e) {
      log.warn("Cannot release abandoned reservations; checking again later: {}", e.toString());
    }
  }

  /** Decides about the oldest; true if there may be more, and not only these again. */
  private boolean releasePage() {
    var overdue = stock.overdue(clock.instant(), margin, PAGE);
    if (overdue.isEmpty()) {
      return false;
    }
    var commands = logEnds.ofCommands();
    if (!await(() -> logEnds.areProcessed(commands))) {
      return false;
    }
    var ends = logEnds.ofApplied();
    if (!await(() -> Positions.haveReached(positions.of(ends.keySet()), ends))) {
      return false;
    }
    boolean anyFinal = false;
    for (var id : overdue) {
      var result = stock.releaseAbandoned(id, margin, ends);
      log.info("The reservation of order {} is past its deadline: {}", id, result);
      anyFinal |= result.isFinal();
    }
    return anyFinal && overdue.size() == PAGE;
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
