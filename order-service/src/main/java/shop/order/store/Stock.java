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
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.order.OrderId;

/** The pieces that can be sold, and those that are set aside for orders; never below zero. */
@Component
public class Stock {

  private final Redis redis;

  Stock(Redis redis) {
    this.redis = redis;
  }

  /** A product of which there is too little. */
  public record Shortage(String sku, long left) {}

  /** What came of setting pieces aside. */
  public sealed interface SetAside {

    /** They are, now or since before. */
    record Done() implements SetAside {}

    /** There are too few. */
    record TooFew(Shortage shortage) implements SetAside {}

    /** So many others are set aside under the same id. */
    record Other(long pieces) implements SetAside {}
  }

  /**
   * Sets pieces aside that an adjustment is to take out; applying it makes them its own. An
   * adjustment that never reaches the log gives them back after the deadline, as an order does.
   *
   * @param id of the adjustment; asked again it renews the deadline only
   * @param hold how long they wait for the adjustment to be in the log
   */
  public SetAside setAside(UUID id, String sku, long pieces, Duration hold) {
    var answer =
        redis.list(
            Script.RESERVE,
            List.of(Keys.reservation(id.toString()), Keys.RESERVATION_DEADLINES, Keys.stock(sku)),
            List.of(id.toString(), Long.toString(hold.toMillis()), sku, Long.toString(pieces)));
    return switch (answer.text(0)) {
      case "RESERVED" -> new SetAside.Done();
      case "SHORT" -> new SetAside.TooFew(shortage(answer));
      case "OTHER" -> new SetAside.Other(Long.parseLong(answer.text(1)));
      default -> throw new IllegalStateException("reserve.lua answered " + answer.text(0));
    };
  }

  static Shortage shortage(Redis.Answer answer) {
    return new Shortage(answer.text(1), Long.parseLong(answer.text(2)));
  }

  /** What is left of each product. */
  public Map<String, Long> left(List<String> skus) {
    if (skus.isEmpty()) {
      return Map.of();
    }
    byte[][] keys = skus.stream().map(Keys::stock).map(Redis::bytes).toArray(byte[][]::new);
    Map<String, Long> left = new HashMap<>();
    var values = redis.await(redis.commands().mget(keys));
    for (int i = 0; i < skus.size(); i++) {
      left.put(skus.get(i), values.get(i).map(Stock::number).getValueOrElse(0L));
    }
    return left;
  }

  /** What is left of a product. */
  public long left(String sku) {
    return left(List.of(sku)).getOrDefault(sku, 0L);
  }

  /** The delta of an adjustment that the stock contains; empty if it does not know the id. */
  public Optional<Long> adjustment(String sku, String id) {
    byte @Nullable [] delta =
        redis.await(redis.commands().hget(Redis.bytes(Keys.adjustments(sku)), Redis.bytes(id)));
    return Optional.ofNullable(delta)
        .map(text -> Long.valueOf(new String(text, StandardCharsets.US_ASCII)));
  }

  /**
   * The orders whose reservations have waited longer than they should.
   *
   * @param margin how much longer
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

  /** What became of a reservation that was to be freed. */
  public enum Abandoned {
    RELEASED,
    /** Its order is in the log, or in a dead letter: the pieces stay set aside. */
    LANDED,
    /** Somebody is at work on it again. */
    RENEWED,
    /** Redis does not hold all of the log yet. */
    BEHIND
  }

  /**
   * Frees the pieces of an order that is not in the log.
   *
   * @param ends the end of the log, read after the reservation was overdue
   */
  public Abandoned abandon(OrderId id, Duration margin, Map<TopicPartition, Long> ends) {
    List<String> arguments = new ArrayList<>();
    arguments.add(id.toString());
    arguments.add(Long.toString(margin.toMillis()));
    ends.forEach((partition, end) -> {
      arguments.add(Positions.name(partition));
      arguments.add(Long.toString(end));
    });
    return Abandoned.valueOf(
        redis.word(
            Script.ABANDON,
            List.of(
                Keys.order(id), Keys.reservation(id), Keys.RESERVATION_DEADLINES, Keys.POSITIONS),
            arguments));
  }

  private static long number(byte[] text) {
    return Math.max(0, Long.parseLong(new String(text, StandardCharsets.US_ASCII)));
  }
}
