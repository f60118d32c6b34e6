package shop.order.store;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.common.json.Json;
import shop.common.money.Money;
import shop.order.Order;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.OrderSummary;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.TimelineEntry;
import shop.order.changes.OrderChange;
import shop.order.redis.Keys;
import shop.order.redis.Redis;
import shop.order.redis.RedisUnavailable;
import shop.order.redis.Script;
import shop.order.redis.ScriptBatcher;

/** The orders as they are read: a view that can be rebuilt from the log at any time. */
@Component
public class OrderView {

  /** The summary of an order that is withheld, in place of the command that placed it. */
  private static final String WITHHELD = "withheld";

  private final Redis redis;
  private final ScriptBatcher accepted;

  OrderView(Redis redis) {
    this.redis = redis;
    this.accepted =
        new ScriptBatcher(
            redis,
            Script.ACCEPT,
            List.of(
                Keys.BOUNDARY, Keys.ALL_ORDERS, Keys.allOrders(OrderStatus.PLACED), Keys.UNSETTLED),
            List.of());
  }

  /** Makes an order visible that Kafka has acknowledged, and stores the response under its key. */
  public void accept(OrderId id, SerializedOrder order, byte[] body, Duration ttl) {
    var placed = order.order();
    accepted.execute(
        List.of(
            Keys.order(id),
            Keys.ordersOf(placed.customerId()),
            Keys.ordersOf(placed.customerId(), OrderStatus.PLACED),
            Keys.idempotency(id)),
        List.of(
            id,
            placed.customerId(),
            placed.createdAt().toEpochMilli(),
            placed.fingerprint(),
            order.json(),
            body,
            placed.createdAt().plus(ttl).toEpochMilli()));
  }

  /**
   * The order of an id; empty if it does not exist.
   *
   * @throws RedisUnavailable if Redis does not hold all of the log
   */
  public Optional<Order> find(OrderId id) {
    return redis.read(commands -> read(commands, id));
  }

  /**
   * The timeline of an order after an event, oldest first; empty if the order is not here.
   *
   * @throws RedisUnavailable if Redis does not hold all of the log
   */
  public Optional<List<TimelineEntry>> timeline(OrderId id, long afterSequence) {
    return redis.read(commands -> {
      var entries = commands.lrange(Redis.bytes(Keys.timeline(id)), afterSequence, -1);
      // Read last: an order that is here now was here when its timeline was read.
      return commands
          .exists(Redis.bytes(Keys.order(id)))
          .thenCombine(
              entries,
              (count, found) ->
                  count == 0
                      ? Optional.empty()
                      : Optional.of(
                          found.stream()
                              .map(entry -> Json.read(entry, TimelineEntry.class))
                              .toList()));
    });
  }

  static CompletionStage<Optional<Order>> read(
      RedisAsyncCommands<byte[], byte[]> commands, OrderId id) {
    return commands
        .hgetall(Redis.bytes(Keys.order(id)))
        .thenApply(hash -> hash.isEmpty() ? Optional.empty() : Optional.of(order(id, texts(hash))));
  }

  private static Order order(OrderId id, Map<String, String> hash) {
    @Nullable String withheld = hash.get(WITHHELD);
    if (withheld != null) {
      return Order.withheld(
          id,
          Json.read(Redis.bytes(withheld), OrderSummary.class),
          OrderStatus.valueOf(field(hash, "status")),
          hash.get(OrderChange.REASON));
    }
    var placed = Json.read(Redis.bytes(field(hash, "placed")), PlaceOrder.class);
    @Nullable String refunded = hash.get(OrderChange.REFUNDED);
    return Order.of(
        id,
        placed,
        OrderStatus.valueOf(field(hash, "status")),
        hash.get(OrderChange.REASON),
        refunded == null ? null : new Money(Long.parseLong(refunded), placed.total().currency()),
        hash.containsKey(OrderChange.CARRIER)
            ? new Order.Shipment(
                field(hash, OrderChange.CARRIER), field(hash, OrderChange.TRACKING_NUMBER))
            : null,
        Long.parseLong(field(hash, "version")));
  }

  private static String field(Map<String, String> hash, String name) {
    return requireNonNull(hash.get(name), name);
  }

  private static Map<String, String> texts(Map<byte[], byte[]> hash) {
    return hash.entrySet().stream()
        .collect(Collectors.toMap(e -> text(e.getKey()), e -> text(e.getValue())));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
