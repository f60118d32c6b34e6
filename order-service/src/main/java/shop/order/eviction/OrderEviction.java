package shop.order.eviction;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.archive.ArchiveUnavailable;
import shop.order.archive.ArchivedOrders;
import shop.order.redis.Epoch;
import shop.order.redis.RedisUnavailable;
import shop.order.store.Evictions;

/**
 * Lets orders leave Redis that are old enough and have ended, so far as anyone can tell: their last
 * event is in PostgreSQL, no refund is under way, and they hold no pieces. Any number of instances
 * may do it at the same time. See docs/decisions/0055.
 */
@Component
class OrderEviction {

  private static final Logger log = LoggerFactory.getLogger(OrderEviction.class);

  /** Orders of one run of the script; Redis executes nothing else during it. */
  private static final int PAGE = 200;

  /** Orders of a status that stay, after which the others have to wait for the next round. */
  private static final int MAX_STAYING = 20 * PAGE;

  private static final List<OrderStatus> ENDED =
      Arrays.stream(OrderStatus.values()).filter(OrderStatus::hasEnded).toList();

  private final Evictions evictions;
  private final ArchivedOrders archive;
  private final Epoch epoch;
  private final EvictionSettings settings;
  private final Clock clock;

  OrderEviction(
      Evictions evictions,
      ArchivedOrders archive,
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
      for (var status : ENDED) {
        evict(status, cutoff);
      }
    } catch (RedisUnavailable | ArchiveUnavailable e) {
      log.debug("Orders cannot leave Redis now; trying again later", e);
    }
  }

  private void evict(OrderStatus status, Instant cutoff) {
    int staying = 0;
    while (epoch.isOpen() && staying < MAX_STAYING) {
      var page = evictions.placedBefore(cutoff, status, staying, PAGE);
      if (page.isEmpty()) {
        return;
      }
      long evicted = evict(page, cutoff);
      log.debug("{} of {} orders {} left Redis", evicted, page.size(), status);
      staying += page.size() - (int) evicted;
      if (page.size() < PAGE) {
        return;
      }
    }
  }

  private long evict(List<OrderId> page, Instant cutoff) {
    var stored = archive.withoutRefundUnderWay(page);
    var ended = stored.value().stream().filter(order -> order.status().hasEnded()).toList();
    return ended.isEmpty() ? 0 : evictions.evict(cutoff, ended, stored.positions());
  }
}
