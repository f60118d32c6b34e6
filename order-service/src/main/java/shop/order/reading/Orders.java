package shop.order.reading;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import shop.order.Order;
import shop.order.OrderId;
import shop.order.TimelineEntry;
import shop.order.archive.Answer;
import shop.order.archive.ArchiveUnavailable;
import shop.order.archive.ArchivedOrders;
import shop.order.eviction.EvictionSettings;
import shop.order.redis.RedisUnavailable;
import shop.order.store.Evictions;
import shop.order.store.OrderView;

/**
 * Orders and their timelines. What Redis does not hold is looked up in PostgreSQL, which is to be
 * believed if it has all orders that have left Redis.
 */
@Component
public class Orders {

  private final OrderView view;
  private final Evictions evictions;
  private final ArchivedOrders archive;
  private final Duration maxLag;

  Orders(OrderView view, Evictions evictions, ArchivedOrders archive, EvictionSettings settings) {
    this.view = view;
    this.evictions = evictions;
    this.archive = archive;
    this.maxLag = settings.maxLag();
  }

  /**
   * The order of an id; empty if it does not exist.
   *
   * @throws RedisUnavailable if Redis does not hold all of the log
   * @throws ArchiveUnavailable if Redis does not hold the order, and PostgreSQL does not answer or
   *     is behind
   */
  public Optional<Order> find(OrderId id) {
    return view.find(id).or(() -> archived(() -> archive.find(id), Optional.empty()));
  }

  /**
   * The timeline of an order after an event, oldest first.
   *
   * @throws RedisUnavailable if Redis does not hold all of the log
   * @throws ArchiveUnavailable as {@link #find}
   */
  public List<TimelineEntry> timeline(OrderId id, long afterSequence) {
    return view.timeline(id, afterSequence)
        .orElseGet(() -> archived(() -> archive.timeline(id, afterSequence), List.of()));
  }

  /**
   * What PostgreSQL has of an order that Redis did not hold.
   *
   * @param nothing the result if no order has left Redis
   */
  private <T> T archived(Supplier<Answer<T>> query, T nothing) {
    var evicted = evictions.evicted();
    if (evicted.isEmpty()) {
      return nothing;
    }
    T found = query.get().reaching(evicted::areReachedBy);
    if (found.equals(nothing) && archive.age().compareTo(maxLag) > 0) {
      throw new ArchiveUnavailable("PostgreSQL is behind by more than " + maxLag);
    }
    return found;
  }
}
