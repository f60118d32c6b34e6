package shop.order.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.common.json.Json;
import shop.order.Order;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.PlaceOrder;
import shop.order.TimelineEntry;
import shop.order.WrittenOrder;

/** Brings the view of orders up to date with the log, event by event. */
@Component
public class OrderChanges {

  static final String REASON = "reason";
  static final String REFUNDED = "refunded";
  static final String CARRIER = "carrier";
  static final String TRACKING_NUMBER = "trackingNumber";

  private final Redis redis;

  OrderChanges(Redis redis) {
    this.redis = redis;
  }

  /** What an event does to the pieces that are set aside for its order. */
  private enum Pieces {
    KEEP,
    RELEASE,
    CONSUME
  }

  /**
   * Applies event 1 of an order.
   *
   * @param keptUntil until when the answer to its key is kept, if whoever accepted the order did
   *     not come to keep it, or Redis lost it; null if that time is over
   */
  public CompletableFuture<Applied> place(
      Source source,
      OrderId id,
      WrittenOrder order,
      TimelineEntry entry,
      @Nullable Instant keptUntil) {
    var placed = order.order();
    String created = Long.toString(placed.createdAt().toEpochMilli());
    List<String> keys = new ArrayList<>();
    keys.add(Keys.POSITIONS);
    keys.add(Keys.order(id));
    keys.add(Keys.timeline(id));
    keys.add(Keys.ordersOf(placed.customerId()));
    keys.add(Keys.ordersOf(placed.customerId(), OrderStatus.PLACED));
    keys.add(Keys.ALL_ORDERS);
    keys.add(Keys.allOrders(OrderStatus.PLACED));
    keys.add(Keys.UNSETTLED);
    keys.add(Keys.idempotency(id));
    keys.add(Keys.reservation(id));
    keys.add(Keys.RESERVATION_DEADLINES);
    keys.add(Keys.IDEMPOTENCY_KEYS);
    List<Object> arguments = new ArrayList<>(source.arguments());
    arguments.add(id);
    arguments.add(placed.customerId().toString());
    arguments.add(created);
    arguments.add(placed.fingerprint());
    arguments.add(order.json());
    arguments.add(Json.bytes(entry));
    arguments.add(keptUntil == null ? "" : Json.bytes(Order.accepted(id, placed)));
    arguments.add(keptUntil == null ? 0 : keptUntil.toEpochMilli());
    for (var item : placed.items()) {
      keys.add(Keys.stock(item.sku()));
      arguments.add(item.sku());
      arguments.add(item.quantity());
    }
    return redis.apply(Script.PLACE, keys, arguments).thenApply(Applied::valueOf);
  }

  /** Applies event n+1 of an order, only on the one before it. */
  public CompletableFuture<Applied> advance(
      Source source, OrderId id, OrderEvent event, TimelineEntry entry) {
    @Nullable OrderStatus status = event.status();
    List<Object> arguments = new ArrayList<>(source.arguments());
    arguments.add(id);
    arguments.add(entry.sequence());
    arguments.add(status == null ? "" : status.name());
    arguments.add(status != null && status.isSettled());
    arguments.add(Json.bytes(entry));
    arguments.add(pieces(event).name().toLowerCase(Locale.ROOT));
    arguments.addAll(fields(event));
    return redis
        .apply(
            Script.ADVANCE,
            List.of(
                Keys.POSITIONS,
                Keys.order(id),
                Keys.timeline(id),
                Keys.reservation(id),
                Keys.UNSETTLED),
            arguments)
        .thenApply(Applied::valueOf);
  }

  private static Pieces pieces(OrderEvent event) {
    return switch (event) {
      case OrderEvent.PaymentFailed _, OrderEvent.Cancelled _ -> Pieces.RELEASE;
      case OrderEvent.Refunded refunded ->
          refunded.status() == OrderStatus.REFUNDED ? Pieces.RELEASE : Pieces.KEEP;
      case OrderEvent.Shipped _ -> Pieces.CONSUME;
      case OrderEvent.Placed _,
          OrderEvent.Confirmed _,
          OrderEvent.CancelRequested _,
          OrderEvent.RefundRequested _,
          OrderEvent.RefundFailed _,
          OrderEvent.Delivered _ ->
          Pieces.KEEP;
    };
  }

  private static List<String> fields(OrderEvent event) {
    return switch (event) {
      case OrderEvent.PaymentFailed failed -> List.of(REASON, failed.reason());
      case OrderEvent.CancelRequested cancel -> List.of(REASON, cancel.reason());
      case OrderEvent.Refunded refunded ->
          List.of(REFUNDED, Long.toString(refunded.refundedTotal().amount()));
      case OrderEvent.Shipped shipped ->
          List.of(CARRIER, shipped.carrier(), TRACKING_NUMBER, shipped.trackingNumber());
      case OrderEvent.Placed _,
          OrderEvent.Confirmed _,
          OrderEvent.Cancelled _,
          OrderEvent.RefundRequested _,
          OrderEvent.RefundFailed _,
          OrderEvent.Delivered _ ->
          List.of();
    };
  }

  /** Until when the answer of an order is kept; null if that is over. */
  public static @Nullable Instant keptUntil(PlaceOrder placed, Duration life, Instant now) {
    var until = placed.createdAt().plus(life);
    return until.isAfter(now) ? until : null;
  }
}
