package shop.order.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;
import shop.order.AdjustmentId;
import shop.order.Order;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.OrderVersion;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.redis.RedisUnavailable;
import shop.order.redis.Script;

/** The orders that may leave Redis, and how far PostgreSQL was when others did. */
@Component
public class Evictions {

  private final Redis redis;

  Evictions(Redis redis) {
    this.redis = redis;
  }

  /**
   * The positions that PostgreSQL had when orders left Redis, or more: what it said before it
   * reached them is not to be relied on.
   */
  public record EvictedPositions(Map<String, Long> offsets) {

    /** True if no order has left. */
    public boolean isEmpty() {
      return offsets.isEmpty();
    }

    /** True if a PostgreSQL at these positions has every order that left. */
    public boolean areReachedBy(Map<TopicPartition, Long> positions) {
      Map<String, Long> reached = new HashMap<>();
      positions.forEach((partition, next) -> reached.put(Keys.position(partition), next));
      return offsets.entrySet().stream()
          .allMatch(evicted -> reached.getOrDefault(evicted.getKey(), 0L) >= evicted.getValue());
    }
  }

  /**
   * What Redis has of orders.
   *
   * @param held those of the orders that are in Redis
   */
  public record Holdings(Map<OrderId, Order> held, EvictedPositions evicted) {}

  /**
   * Orders of a status that were placed before a time, oldest first.
   *
   * @param skip the number of orders to leave out at the beginning
   * @throws RedisUnavailable if Redis does not hold all of the log
   */
  public List<OrderId> placedBefore(Instant time, OrderStatus status, int skip, int limit) {
    var range =
        Range.from(Range.Boundary.<Long>unbounded(), Range.Boundary.excluding(time.toEpochMilli()));
    var ids =
        redis.read(commands ->
            commands.zrangebyscore(
                Redis.bytes(Keys.allOrders(status)), range, Limit.create(skip, limit)));
    return ids.stream().map(id -> OrderId.parse(new String(id, US_ASCII))).toList();
  }

  /**
   * Removes the orders that are in Redis at the same version and hold no pieces.
   *
   * @param cutoff no order that was placed at this time or later may have left
   * @param positions of PostgreSQL when it had these orders
   * @return the number of removed orders
   */
  public long evict(
      Instant cutoff, Collection<OrderVersion> orders, Map<TopicPartition, Long> positions) {
    List<String> keys = new ArrayList<>(List.of(Keys.BOUNDARY, Keys.EVICTED, Keys.ALL_ORDERS));
    List<Object> arguments = new ArrayList<>();
    arguments.add(cutoff.toEpochMilli());
    addPositions(arguments, positions);
    for (var order : orders) {
      var id = order.id();
      keys.addAll(List.of(Keys.order(id), Keys.timeline(id), Keys.reservation(id)));
      arguments.addAll(List.of(id, order.version(), order.status()));
    }
    return redis.runForNumber(Script.EVICT, keys, arguments);
  }

  private static void addPositions(List<Object> arguments, Map<TopicPartition, Long> positions) {
    arguments.add(2 * positions.size());
    positions.forEach((partition, next) -> {
      arguments.add(Keys.position(partition));
      arguments.add(next);
    });
  }

  /**
   * The adjustments in Redis whose records were appended before a time, oldest first.
   *
   * @throws RedisUnavailable if Redis does not hold all of the log
   */
  public List<AdjustmentId> adjustmentsBefore(Instant time, int limit) {
    var range =
        Range.from(Range.Boundary.<Long>unbounded(), Range.Boundary.excluding(time.toEpochMilli()));
    var members =
        redis.read(commands ->
            commands.zrangebyscore(
                Redis.bytes(Keys.ADJUSTMENT_TIMES), range, Limit.create(0, limit)));
    return members.stream()
        .map(member -> new String(member, UTF_8).split(" ", 2))
        .map(parts -> new AdjustmentId(parts[1], parts[0]))
        .toList();
  }

  /**
   * Removes the ids of adjustments; the stock keeps what they changed.
   *
   * @param positions of PostgreSQL when it had these adjustments
   */
  public void evictAdjustments(
      Collection<AdjustmentId> adjustments, Map<TopicPartition, Long> positions) {
    List<String> keys = new ArrayList<>(List.of(Keys.EVICTED, Keys.ADJUSTMENT_TIMES));
    List<Object> arguments = new ArrayList<>();
    addPositions(arguments, positions);
    for (var adjustment : adjustments) {
      keys.add(Keys.adjustments(adjustment.sku()));
      arguments.addAll(List.of(adjustment.id(), adjustment.sku()));
    }
    redis.run(Script.EVICT_ADJUSTMENTS, keys, arguments);
  }

  /** The same as {@link #evicted}, also of a Redis that does not hold all of the log. */
  public EvictedPositions evictedSoFar() {
    return new EvictedPositions(
        offsets(redis.await(redis.commands().hgetall(Redis.bytes(Keys.EVICTED)))));
  }

  /**
   * How far PostgreSQL must be to know of orders that have left.
   *
   * @throws RedisUnavailable if Redis does not hold all of the log
   */
  public EvictedPositions evicted() {
    return holdings(List.of()).evicted();
  }

  /**
   * Which orders are in Redis now.
   *
   * @throws RedisUnavailable if Redis does not hold all of the log
   */
  public Holdings holdings(List<OrderId> ids) {
    return redis.read(commands -> {
      var reads =
          ids.stream().map(id -> OrderView.read(commands, id).toCompletableFuture()).toList();
      // Read last: it covers the orders that were gone before.
      return commands
          .hgetall(Redis.bytes(Keys.EVICTED))
          .thenApply(evicted ->
              new Holdings(
                  reads.stream()
                      .map(CompletableFuture::join)
                      .flatMap(Optional::stream)
                      .collect(toMap(Order::id, Function.identity())),
                  new EvictedPositions(offsets(evicted))));
    });
  }

  private static Map<String, Long> offsets(Map<byte[], byte[]> hash) {
    Map<String, Long> offsets = new HashMap<>();
    hash.forEach((position, next) ->
        offsets.put(new String(position, US_ASCII), Long.valueOf(new String(next, US_ASCII))));
    return offsets;
  }
}
