package shop.notification.result;

import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Deletes results that are older than their retention. */
@Component
class ResultCleanup {

  private static final Logger log = LoggerFactory.getLogger(ResultCleanup.class);

  /** Rows in one transaction. */
  private static final int BATCH = 5000;

  private final DeliveryTable deliveries;
  private final ResultSettings settings;
  private final Clock clock;

  ResultCleanup(DeliveryTable deliveries, ResultSettings settings, Clock clock) {
    this.deliveries = deliveries;
    this.settings = settings;
    this.clock = clock;
  }

  @Scheduled(
      fixedDelayString = "${shop.notification.results.cleanup-interval}",
      initialDelayString = "${shop.notification.results.cleanup-interval}")
  void clean() {
    try {
      var end = clock.instant().minus(settings.retention());
      while (deliveries.deleteBefore(end, BATCH) == BATCH) {
        log.debug("Deleted {} results of deliveries from before {}", BATCH, end);
      }
    } catch (DataAccessException e) {
      log.warn("Old results of deliveries cannot be deleted; retrying later: {}", e.toString());
    }
  }
}
