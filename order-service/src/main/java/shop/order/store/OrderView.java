package shop.order.store;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.common.json.Json;
import shop.order.Order;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.PlaceOrder;

/** The orders as they are read: a view of the log that can be made anew from it. */
@Component
public class OrderView {

  private final Redis redis;

  OrderView(Redis redis) {
    this.redis = redis;
  }

  /** Shows an order that Kafka has acknowledged, and keeps the answer under its key. */
  public void accept(OrderId id, PlaceOrder placed, String body, Duration life) {
    redis.run(
        Script.ACCEPT,
        List.of(
            Keys.order(id),
            Keys.ordersOf(placed.customerId()),
            Keys.ordersOf(placed.customerId(), OrderStatus.PLACED),
            Keys.idempotency(id)),
        List.of(
            id.toString(),
            placed.customerId().toString(),
            Long.toString(placed.createdAt().toEpochMilli()),
            placed.fingerprint(),
            Json.MAPPER.writeValueAsString(placed),
            "201",
            body,
            Long.toString(life.toMillis())));
  }

  /** What became of an event that was to be applied. */
  public enum Applied {
    APPLIED,
    /** It was applied before. */
    SEEN,
    /** An earlier event of the order is missing: Redis is older than its position says. */
    GAP
  }

  /** Applies an order's event, only on the one before it. */
  public CompletableFuture<Applied> apply(
      Source source, OrderId id, long sequence, OrderEvent event) {
    return switch (event) {
      case OrderEvent.Placed placed -> place(source, id, placed.order());
      case OrderEvent.Confirmed _ -> advance(source, id, sequence, event, "", true);
      case OrderEvent.PaymentFailed failed ->
          advance(source, id, sequence, event, failed.reason(), false);
    };
  }

  private CompletableFuture<Applied> place(Source source, OrderId id, PlaceOrder placed) {
    List<String> keys = new ArrayList<>();
    keys.add(Keys.POSITIONS);
    keys.add(Keys.order(id));
    keys.add(Keys.ordersOf(placed.customerId()));
    keys.add(Keys.ordersOf(placed.customerId(), OrderStatus.PLACED));
    keys.add(Keys.reservation(id));
    keys.add(Keys.RESERVATION_DEADLINES);
    List<String> arguments = new ArrayList<>();
    arguments.add(source.partition());
    arguments.add(source.offset());
    arguments.add(id.toString());
    arguments.add(placed.customerId().toString());
    arguments.add(Long.toString(placed.createdAt().toEpochMilli()));
    arguments.add(placed.fingerprint());
    arguments.add(Json.MAPPER.writeValueAsString(placed));
    for (var item : placed.items()) {
      keys.add(Keys.stock(item.sku()));
      arguments.add(item.sku());
      arguments.add(Integer.toString(item.quantity()));
    }
    return redis.word(Script.PLACE, keys, arguments).thenApply(Applied::valueOf);
  }

  private CompletableFuture<Applied> advance(
      Source source, OrderId id, long sequence, OrderEvent event, String reason, boolean holds) {
    return redis
        .word(
            Script.ADVANCE,
            List.of(Keys.POSITIONS, Keys.order(id), Keys.reservation(id)),
            List.of(
                source.partition(),
                source.offset(),
                id.toString(),
                Long.toString(sequence),
                event.status().name(),
                reason,
                Boolean.toString(holds)))
        .thenApply(Applied::valueOf);
  }

  /** The order of an id; empty if there is none. */
  public Optional<Order> find(OrderId id) {
    return redis.await(read(id));
  }

  /**
   * A customer's orders, newest first.
   *
   * @param status only these; null for all
   * @param after where the page before ended; null for the first page
   * @param limit at most so many
   */
  public List<Order> list(
      UUID customer, @Nullable OrderStatus status, @Nullable Cursor after, int limit) {
    String index = status == null ? Keys.ordersOf(customer) : Keys.ordersOf(customer, status);
    List<OrderId> ids = new ArrayList<>();
    Range<Long> range =
        Range.from(
            Range.Boundary.unbounded(),
            after == null ? Range.Boundary.unbounded() : Range.Boundary.including(after.created()));
    // Orders of the cursor's very millisecond come again and are passed over.
    for (long skip = 0; ids.size() < limit; skip += limit) {
      var page =
          redis.await(
              redis
                  .commands()
                  .zrevrangebyscoreWithScores(
                      Redis.bytes(index), range, Limit.create(skip, limit)));
      for (var entry : page) {
        var id = OrderId.parse(text(entry.getValue()));
        boolean beyond =
            after == null
                || (long) entry.getScore() < after.created()
                || id.toString().compareTo(after.id().toString()) < 0;
        if (beyond && ids.size() < limit) {
          ids.add(id);
        }
      }
      if (page.size() < limit) {
        break;
      }
    }
    var reads = ids.stream().map(this::read).map(CompletionStage::toCompletableFuture).toList();
    return reads.stream().map(redis::await).flatMap(Optional::stream).toList();
  }

  /** The place of an order in a list: its creation in milliseconds, then its id. */
  public record Cursor(long created, OrderId id) {}

  private CompletionStage<Optional<Order>> read(OrderId id) {
    return redis
        .commands()
        .hgetall(Redis.bytes(Keys.order(id)))
        .thenApply(hash -> hash.isEmpty() ? Optional.empty() : Optional.of(order(id, texts(hash))));
  }

  private static Order order(OrderId id, Map<String, String> hash) {
    return Order.of(
        id,
        Json.read(Redis.bytes(requireNonNull(hash.get("placed"))), PlaceOrder.class),
        OrderStatus.valueOf(requireNonNull(hash.get("status"))),
        hash.get("reason"),
        Long.parseLong(requireNonNull(hash.get("version"))));
  }

  private static Map<String, String> texts(Map<byte[], byte[]> hash) {
    return hash.entrySet().stream()
        .collect(Collectors.toMap(e -> text(e.getKey()), e -> text(e.getValue())));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
