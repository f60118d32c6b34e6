package shop.order.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.order.Order;
import shop.order.OrderCursor;
import shop.order.OrderFilter;
import shop.order.OrderId;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.redis.RedisUnavailable;

/** The orders in Redis by customer, status and time. */
@Component
public class OrderLists {

  private final Redis redis;

  OrderLists(Redis redis) {
    this.redis = redis;
  }

  /**
   * A page of the orders in Redis.
   *
   * @param orders newest first
   * @param boundary no order that was placed at this time or later is missing; empty if no order
   *     has left Redis yet
   */
  public record HotPage(List<Order> orders, Optional<Instant> boundary) {}

  /**
   * Orders, newest first. Orders that are placed meanwhile do not change the pages after a cursor.
   *
   * @param after the last order of the previous page; null for the first page
   * @param limit the maximum number of orders
   * @throws RedisUnavailable if Redis does not hold all of the log
   */
  public HotPage page(OrderFilter filter, @Nullable OrderCursor after, int limit) {
    var ids = ids(filter, after, limit);
    // The boundary is read last: orders that have left since the ids were read are before it.
    return redis.read(commands -> {
      var reads =
          ids.stream().map(id -> OrderView.read(commands, id).toCompletableFuture()).toList();
      var boundary = commands.get(Redis.bytes(Keys.BOUNDARY)).toCompletableFuture();
      return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
          .thenCombine(
              boundary,
              (_, stored) ->
                  new HotPage(
                      reads.stream()
                          .map(CompletableFuture::join)
                          .flatMap(Optional::stream)
                          .toList(),
                      Optional.ofNullable(stored).map(OrderLists::time)));
    });
  }

  private static Instant time(byte[] millis) {
    return Instant.ofEpochMilli(Long.parseLong(new String(millis, US_ASCII)));
  }

  private List<OrderId> ids(OrderFilter filter, @Nullable OrderCursor after, int limit) {
    byte[] index = Redis.bytes(index(filter));
    var range = Range.from(lower(filter), upper(filter, after));
    List<OrderId> ids = new ArrayList<>();
    // The range includes the cursor's millisecond; orders up to the cursor are skipped.
    for (long skip = 0; ids.size() < limit; skip += limit) {
      long from = skip;
      var page =
          redis.read(commands ->
              commands.zrevrangebyscoreWithScores(index, range, Limit.create(from, limit)));
      for (var entry : page) {
        var id = OrderId.parse(new String(entry.getValue(), US_ASCII));
        boolean beyond =
            after == null || after.precedes(new OrderCursor((long) entry.getScore(), id));
        if (beyond && ids.size() < limit) {
          ids.add(id);
        }
      }
      if (page.size() < limit) {
        break;
      }
    }
    return ids;
  }

  private static String index(OrderFilter filter) {
    if (filter.customer() == null) {
      return filter.status() == null ? Keys.ALL_ORDERS : Keys.allOrders(filter.status());
    }
    return filter.status() == null
        ? Keys.ordersOf(filter.customer())
        : Keys.ordersOf(filter.customer(), filter.status());
  }

  private static Range.Boundary<Long> lower(OrderFilter filter) {
    return filter.from() == null
        ? Range.Boundary.unbounded()
        : Range.Boundary.including(filter.from().toEpochMilli());
  }

  private static Range.Boundary<Long> upper(OrderFilter filter, @Nullable OrderCursor after) {
    @Nullable Long end = filter.to() == null ? null : filter.to().toEpochMilli();
    if (after != null && (end == null || after.created() < end)) {
      return Range.Boundary.including(after.created());
    }
    return end == null ? Range.Boundary.unbounded() : Range.Boundary.excluding(end);
  }

  /**
   * The orders created before a time that are not settled, oldest first.
   *
   * @param skip the number of orders to leave out at the beginning
   */
  public List<OrderId> unsettled(Instant createdBefore, int skip, int limit) {
    var range =
        Range.from(
            Range.Boundary.<Long>unbounded(),
            Range.Boundary.excluding(createdBefore.toEpochMilli()));
    var ids =
        redis.read(commands ->
            commands.zrangebyscore(Redis.bytes(Keys.UNSETTLED), range, Limit.create(skip, limit)));
    return ids.stream().map(id -> OrderId.parse(new String(id, US_ASCII))).toList();
  }

  /** The number of orders created before a time that are not settled. */
  public int countUnsettled(Instant createdBefore) {
    var range =
        Range.from(
            Range.Boundary.<Long>unbounded(),
            Range.Boundary.excluding(createdBefore.toEpochMilli()));
    return Math.toIntExact(
        redis.read(commands -> commands.zcount(Redis.bytes(Keys.UNSETTLED), range)));
  }

  /** Before it orders may have left; empty if none has. */
  public Optional<Instant> boundary() {
    return Optional.ofNullable(redis.read(commands -> commands.get(Redis.bytes(Keys.BOUNDARY))))
        .map(OrderLists::time);
  }

  /** The creation time of the oldest order that is not settled; empty if all are settled. */
  public Optional<Instant> oldestUnsettled() {
    var first =
        redis.read(commands -> commands.zrangeWithScores(Redis.bytes(Keys.UNSETTLED), 0, 0));
    return first.stream().findFirst().map(entry -> Instant.ofEpochMilli((long) entry.getScore()));
  }
}
