package shop.order.reading;

import static java.util.stream.Collectors.toSet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.order.Order;
import shop.order.OrderCursor;
import shop.order.OrderFilter;
import shop.order.OrderId;
import shop.order.OrderSearch;
import shop.order.archive.ArchiveUnavailable;
import shop.order.archive.ArchivedOrders;
import shop.order.redis.RedisUnavailable;
import shop.order.store.Evictions;
import shop.order.store.OrderLists;
import shop.order.store.OrderLists.HotPage;

/**
 * Lists of orders across Redis and PostgreSQL. Orders that were placed after the boundary are all
 * in Redis. Of those before it PostgreSQL has the list, and Redis some with a newer state: an order
 * that Redis holds counts only as it is there. Redis is read before PostgreSQL, so that an order
 * that leaves in between is in both.
 */
@Component
public class OrderPages {

  private static final Comparator<Order> NEWEST_FIRST =
      Comparator.comparing(OrderCursor::of, OrderCursor.NEWEST_FIRST);

  private static final OrderSearch ALL = new OrderSearch(null, null, null, null);

  /** Attempts while orders leave Redis faster than PostgreSQL is read. */
  private static final int ATTEMPTS = 5;

  private final OrderLists recent;
  private final Evictions evictions;
  private final ArchivedOrders archive;

  OrderPages(OrderLists recent, Evictions evictions, ArchivedOrders archive) {
    this.recent = recent;
    this.evictions = evictions;
    this.archive = archive;
  }

  /**
   * Orders, newest first. Orders that are placed meanwhile do not change the pages after a cursor.
   *
   * @param after the last order of the previous page; null for the first page
   * @param limit the maximum number of orders
   * @throws RedisUnavailable if Redis does not hold all of the log
   * @throws ArchiveUnavailable if the page reaches beyond the boundary, and PostgreSQL does not
   *     answer or is behind
   */
  public List<Order> list(OrderFilter filter, @Nullable OrderCursor after, int limit) {
    var page = recent.page(filter, after, limit);
    if (isComplete(page, filter, limit)) {
      return page.orders();
    }
    Set<OrderId> known = page.orders().stream().map(Order::id).collect(toSet());
    var older =
        archived(
            filter.before(page.boundary().orElseThrow()),
            ALL,
            after,
            limit,
            (stored, held) ->
                held == null && !known.contains(stored.id())
                    ? Optional.of(stored)
                    : Optional.empty());
    return Stream.concat(page.orders().stream(), older.stream())
        .sorted(NEWEST_FIRST)
        .limit(limit)
        .toList();
  }

  private static boolean isComplete(HotPage page, OrderFilter filter, int limit) {
    if (page.boundary().isEmpty()) {
      return true;
    }
    Instant boundary = page.boundary().get();
    boolean endsAfterIt = filter.from() != null && !filter.from().isBefore(boundary);
    boolean isFull = page.orders().size() == limit;
    return endsAfterIt || (isFull && !page.orders().getLast().createdAt().isBefore(boundary));
  }

  /**
   * Orders that a search finds, newest first; the orders of the last moments may be missing.
   *
   * @throws RedisUnavailable if Redis does not hold all of the log
   * @throws ArchiveUnavailable if PostgreSQL does not answer, not in time, or is behind
   */
  public List<Order> search(
      OrderFilter filter, OrderSearch search, @Nullable OrderCursor after, int limit) {
    return archived(
        filter,
        search,
        after,
        limit,
        (stored, held) ->
            Optional.of(held == null ? stored : held)
                .filter(order -> filter.admits(order.status())));
  }

  /** Decides about an order of PostgreSQL, and the same in Redis, null if it is not there. */
  private interface Overlay {
    Optional<Order> apply(Order stored, @Nullable Order held);
  }

  private List<Order> archived(
      OrderFilter filter,
      OrderSearch search,
      @Nullable OrderCursor after,
      int limit,
      Overlay overlay) {
    List<Order> found = new ArrayList<>();
    @Nullable OrderCursor cursor = after;
    boolean mayBeMore = true;
    while (mayBeMore && found.size() < limit) {
      var page = page(filter, search, cursor, limit);
      page.orders()
          .forEach(
              stored -> overlay.apply(stored, page.held().get(stored.id())).ifPresent(found::add));
      mayBeMore = page.orders().size() == limit;
      if (mayBeMore) {
        cursor = OrderCursor.of(page.orders().getLast());
      }
    }
    return found;
  }

  /** Orders in PostgreSQL, and those of them that were in Redis afterwards. */
  private record ArchivedPage(List<Order> orders, Map<OrderId, Order> held) {}

  private ArchivedPage page(
      OrderFilter filter, OrderSearch search, @Nullable OrderCursor cursor, int limit) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      var answer = archive.list(filter, search, cursor, limit);
      var holdings = evictions.holdings(answer.value().stream().map(Order::id).toList());
      // Otherwise an order may have left with a newer state than PostgreSQL had.
      if (holdings.evicted().areReachedBy(answer.positions())) {
        return new ArchivedPage(answer.value(), holdings.held());
      }
    }
    throw new ArchiveUnavailable("PostgreSQL lacks records of what has left Redis");
  }
}
