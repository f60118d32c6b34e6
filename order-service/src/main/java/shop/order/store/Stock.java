package shop.order.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;
import shop.order.OrderId;
import shop.order.OrderLine;

/** The pieces that can be sold, and those that are set aside for orders; never below zero. */
@Component
public class Stock {

  private final Redis redis;

  Stock(Redis redis) {
    this.redis = redis;
  }

  /** A product of which there is too little. */
  public record Shortage(String sku, long left) {}

  /**
   * Sets an order's pieces aside, all or none. Asked again it renews the deadline only.
   *
   * @param hold how long they wait for the order to be in the log
   * @return the first product of which there is too little, if any
   */
  public Optional<Shortage> reserve(OrderId id, List<OrderLine> items, Duration hold) {
    List<String> keys = new ArrayList<>();
    keys.add(Keys.reservation(id));
    keys.add(Keys.RESERVATION_DEADLINES);
    List<String> arguments = new ArrayList<>();
    arguments.add(id.toString());
    arguments.add(Long.toString(hold.toMillis()));
    for (var item : items) {
      keys.add(Keys.stock(item.sku()));
      arguments.add(item.sku());
      arguments.add(Integer.toString(item.quantity()));
    }
    var answer = redis.list(Script.RESERVE, keys, arguments);
    return answer.text(0).equals("RESERVED")
        ? Optional.empty()
        : Optional.of(new Shortage(answer.text(1), Long.parseLong(answer.text(2))));
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

  /** Applies an adjustment of the catalog's log, once however often it is told. */
  public CompletableFuture<String> adjust(Source source, String eventId, String sku, long delta) {
    return redis.word(
        Script.ADJUST,
        List.of(Keys.POSITIONS, Keys.stock(sku), Keys.adjustments(sku)),
        List.of(source.partition(), source.offset(), eventId, Long.toString(delta)));
  }

  private static long number(byte[] text) {
    return Math.max(0, Long.parseLong(new String(text, StandardCharsets.US_ASCII)));
  }
}
