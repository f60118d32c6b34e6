package shop.order.reading;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.order.OrderId;
import shop.order.archive.ArchiveUnavailable;
import shop.order.archive.ArchivedOrders;
import shop.order.archive.ArchivedOrders.AwaitingOrder;
import shop.order.redis.RedisUnavailable;
import shop.order.store.OrderLists;

/**
 * The orders that wait for payment-service: those in Redis that are not settled, and older ones
 * that are being cancelled or refunded, whether they have left Redis or not.
 */
@Component
public class UnsettledOrders {

  private static final Logger log = LoggerFactory.getLogger(UnsettledOrders.class);

  private final OrderLists recent;
  private final ArchivedOrders archive;

  UnsettledOrders(OrderLists recent, ArchivedOrders archive) {
    this.recent = recent;
    this.archive = archive;
  }

  /**
   * An order that is not settled.
   *
   * @param refunds the ids of the refunds that are under way; of orders in Redis they are unknown
   */
  public record Unsettled(OrderId id, Set<String> refunds) {}

  /**
   * The orders that have waited since before a time: of those in Redis the ones that were placed
   * before it, oldest first, then the older ones. While PostgreSQL is unavailable, the first alone.
   * An order may be among both.
   *
   * @param skip the number of orders to leave out at the beginning
   * @throws RedisUnavailable if Redis does not hold all of the log
   */
  public List<Unsettled> waitingBefore(Instant time, int skip, int limit) {
    List<Unsettled> page = new ArrayList<>();
    recent.unsettled(time, skip, limit).forEach(id -> page.add(new Unsettled(id, Set.of())));
    if (page.size() < limit) {
      int skipped = Math.max(0, skip - recent.countUnsettled(time));
      archived(time, skipped, limit - page.size())
          .forEach(order -> page.add(new Unsettled(order.id(), order.refunds())));
    }
    return page;
  }

  /** Since when the one that waits longest has waited; empty if there is none. */
  public Optional<Instant> oldest(Instant now) {
    return Stream.concat(
            recent.oldestUnsettled().stream(),
            archived(now, 0, 1).stream().map(AwaitingOrder::since))
        .min(Instant::compareTo);
  }

  private List<AwaitingOrder> archived(Instant waitingBefore, int skip, int limit) {
    try {
      var boundary = recent.boundary();
      return boundary.isEmpty()
          ? List.of()
          : archive.awaitingPayment(boundary.get(), waitingBefore, skip, limit);
    } catch (ArchiveUnavailable e) {
      log.warn("The older orders that are not settled are unknown: {}", e.getMessage());
      return List.of();
    }
  }
}
