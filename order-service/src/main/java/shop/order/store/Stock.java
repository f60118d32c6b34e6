package shop.order.store;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.order.OrderId;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.redis.RedisUnavailable;
import shop.order.redis.Script;

/** The pieces that can be sold, never fewer than zero, and those that are reserved. */
@Component
public class Stock {

  private static final Logger log = LoggerFactory.getLogger(Stock.class);

  private final Redis redis;

  Stock(Redis redis) {
    this.redis = redis;
  }

  /** A product with too few pieces. */
  public record Shortage(String sku, long available) {}

  /** The result of a reservation. */
  public sealed interface ReservationResult {

    /** The pieces are reserved, now or by an earlier request. */
    record Reserved() implements ReservationResult {}

    /** Nothing is reserved, because there are too few pieces. */
    record OutOfStock(Shortage shortage) implements ReservationResult {}

    /** A different number of pieces is reserved under the same id. */
    record DifferentQuantity(long pieces) implements ReservationResult {}
  }

  /**
   * Reserves pieces that an adjustment is to remove; applying the adjustment removes them. If the
   * adjustment never reaches the log they are released after the deadline, like those of an order.
   *
   * @param id of the adjustment; a second reservation under the same id only extends the deadline
   * @param hold how long the reservation waits for the adjustment to be in the log
   */
  public ReservationResult reserve(UUID id, String sku, long pieces, Duration hold) {
    var reply =
        redis.runForList(
            Script.RESERVE,
            List.of(Keys.reservation(id.toString()), Keys.RESERVATION_DEADLINES, Keys.stock(sku)),
            List.of(id.toString(), Long.toString(hold.toMillis()), sku, Long.toString(pieces)));
    return switch (reply.text(0)) {
      case "RESERVED" -> new ReservationResult.Reserved();
      case "SHORT" -> new ReservationResult.OutOfStock(shortage(reply));
      case "DIFFERENT" -> new ReservationResult.DifferentQuantity(Long.parseLong(reply.text(1)));
      default -> throw new IllegalStateException("reserve.lua returned " + reply.text(0));
    };
  }

  static Shortage shortage(Redis.Reply reply) {
    return new Shortage(reply.text(1), Long.parseLong(reply.text(2)));
  }

  /**
   * How many pieces of each product can be sold.
   *
   * @throws RedisUnavailable if Redis does not hold all of the log
   */
  public Map<String, Long> available(List<String> skus) {
    Map<String, Long> available = new HashMap<>();
    counts(skus).forEach((sku, pieces) -> available.put(sku, Math.max(0, pieces)));
    return available;
  }

  /**
   * The products of which more pieces are promised than there are, none unless something failed;
   * empty if Redis is unavailable.
   */
  public Optional<Set<String>> oversold(List<String> skus) {
    try {
      return Optional.of(
          counts(skus).entrySet().stream()
              .filter(count -> count.getValue() < 0)
              .map(Map.Entry::getKey)
              .collect(Collectors.toUnmodifiableSet()));
    } catch (RedisUnavailable e) {
      return Optional.empty();
    }
  }

  /** The stored counts, which are negative if a product is oversold. */
  private Map<String, Long> counts(List<String> skus) {
    if (skus.isEmpty()) {
      return Map.of();
    }
    byte[][] keys = skus.stream().map(Keys::stock).map(Redis::bytes).toArray(byte[][]::new);
    Map<String, Long> counts = new HashMap<>();
    var values = redis.read(commands -> commands.mget(keys));
    for (int i = 0; i < skus.size(); i++) {
      counts.put(skus.get(i), values.get(i).map(Stock::number).getValueOrElse(0L));
    }
    return counts;
  }

  /** True if every product has a piece that can be sold; false if that cannot be read now. */
  public boolean hasPieces(List<String> skus) {
    try {
      return available(skus).values().stream().allMatch(left -> left > 0);
    } catch (RedisUnavailable e) {
      log.debug("Cannot read the stock", e);
      return false;
    }
  }

  /** How many pieces of a product can be sold. */
  public long available(String sku) {
    return available(List.of(sku)).getOrDefault(sku, 0L);
  }

  /**
   * An adjustment that the stock includes. Stored as its delta, a space and the fingerprint; those
   * applied by earlier versions have no fingerprint.
   */
  public record Adjustment(long delta, @Nullable String fingerprint) {

    /** True if this request caused the adjustment. */
    public boolean isOf(long requestedDelta, String requestFingerprint) {
      return delta == requestedDelta
          && (fingerprint == null || fingerprint.equals(requestFingerprint));
    }

    static Adjustment parse(byte[] stored) {
      String[] parts = new String(stored, StandardCharsets.US_ASCII).split(" ", 2);
      return new Adjustment(Long.parseLong(parts[0]), parts.length == 2 ? parts[1] : null);
    }
  }

  /** An adjustment of the stock; empty if it was not applied. */
  public Optional<Adjustment> adjustment(String sku, String id) {
    byte @Nullable [] stored =
        redis.read(commands -> commands.hget(Redis.bytes(Keys.adjustments(sku)), Redis.bytes(id)));
    return Optional.ofNullable(stored).map(Adjustment::parse);
  }

  /**
   * The orders whose reservations are past their deadline.
   *
   * @param margin how long they must be past it
   */
  public List<OrderId> overdue(Instant now, Duration margin, int limit) {
    var range =
        Range.from(
            Range.Boundary.<Long>unbounded(),
            Range.Boundary.excluding(now.minus(margin).toEpochMilli()));
    var ids =
        redis.await(
            redis
                .commands()
                .zrangebyscore(
                    Redis.bytes(Keys.RESERVATION_DEADLINES), range, Limit.create(0, limit)));
    return ids.stream()
        .map(id -> OrderId.parse(new String(id, StandardCharsets.US_ASCII)))
        .toList();
  }

  /** The result of releasing an abandoned reservation. */
  public enum ReleaseResult {
    RELEASED,
    /** The order is in the log, or in a dead letter: its pieces stay reserved. */
    IN_LOG,
    /** A request has renewed the reservation. */
    RENEWED,
    /** Redis does not hold all of the log yet. */
    BEHIND;

    /** True if the reservation has no deadline any more. */
    public boolean isFinal() {
      return this == RELEASED || this == IN_LOG;
    }
  }

  /**
   * Releases the pieces of an order that is not in the log.
   *
   * @param ends the end of the log, read after the reservation was overdue
   */
  public ReleaseResult releaseAbandoned(
      OrderId id, Duration margin, Map<TopicPartition, Long> ends) {
    List<String> arguments = new ArrayList<>();
    arguments.add(id.toString());
    arguments.add(Long.toString(margin.toMillis()));
    ends.forEach((partition, end) -> {
      arguments.add(Keys.position(partition));
      arguments.add(Long.toString(end));
    });
    return ReleaseResult.valueOf(
        redis.runForText(
            Script.RELEASE_ABANDONED,
            List.of(
                Keys.order(id), Keys.reservation(id), Keys.RESERVATION_DEADLINES, Keys.POSITIONS),
            arguments));
  }

  private static long number(byte[] text) {
    return Long.parseLong(new String(text, StandardCharsets.US_ASCII));
  }
}
