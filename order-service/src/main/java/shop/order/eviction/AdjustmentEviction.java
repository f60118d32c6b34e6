package shop.order.eviction;

import java.time.Clock;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import shop.order.archive.ArchiveUnavailable;
import shop.order.archive.ArchivedAdjustments;
import shop.order.redis.Epoch;
import shop.order.redis.RedisUnavailable;
import shop.order.store.Evictions;

/** Lets the ids of old adjustments leave Redis; their stock stays. */
@Component
class AdjustmentEviction {

  private static final Logger log = LoggerFactory.getLogger(AdjustmentEviction.class);
  private static final int PAGE = 200;

  private final Evictions evictions;
  private final ArchivedAdjustments archive;
  private final Epoch epoch;
  private final EvictionSettings settings;
  private final Clock clock;

  AdjustmentEviction(
      Evictions evictions,
      ArchivedAdjustments archive,
      Epoch epoch,
      EvictionSettings settings,
      Clock clock) {
    this.evictions = evictions;
    this.archive = archive;
    this.epoch = epoch;
    this.settings = settings;
    this.clock = clock;
  }

  @Scheduled(fixedDelayString = "${shop.eviction.every}")
  void evict() {
    Instant cutoff = clock.instant().minus(settings.after());
    try {
      boolean mayBeMore = true;
      while (mayBeMore && epoch.isOpen()) {
        var page = evictions.adjustmentsBefore(cutoff, PAGE);
        if (page.isEmpty()) {
          return;
        }
        var stored = archive.stored(page);
        if (!stored.value().isEmpty()) {
          evictions.evictAdjustments(stored.value(), stored.positions());
        }
        mayBeMore = stored.value().size() == PAGE;
      }
    } catch (RedisUnavailable | ArchiveUnavailable e) {
      log.debug("Adjustments cannot leave Redis now; trying again later", e);
    }
  }
}
