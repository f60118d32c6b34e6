package shop.order.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import shop.common.json.Json;
import shop.order.Order;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.SerializedOrder;
import shop.order.TimelineEntry;

/** What a stretch of the log says of one order: events that follow each other, as one change. */
final class OrderChange implements PartitionBatch.Change {

  static final String REASON = "reason";
  static final String REFUNDED = "refunded";
  static final String CARRIER = "carrier";
  static final String TRACKING_NUMBER = "trackingNumber";

  private final OrderId id;
  private final long first;
  private final List<byte[]> entries = new ArrayList<>();
  private final List<String> fields = new ArrayList<>();
  private List<Object> placed = List.of();
  private @Nullable OrderStatus status;
  private Pieces pieces = Pieces.KEEP;

  /** A change that begins with the event of a number. */
  OrderChange(OrderId id, long first) {
    this.id = id;
    this.first = first;
  }

  /** What an event does to the pieces that are set aside for its order. */
  private enum Pieces {
    KEEP,
    RELEASE,
    CONSUME
  }

  /** The number that comes after its events. */
  long next() {
    return first + entries.size();
  }

  /** Takes event 1; {@link PartitionBatch#place} says until when what is kept. */
  void place(SerializedOrder order, TimelineEntry entry, @Nullable Instant keptUntil) {
    var command = order.order();
    placed = new ArrayList<>();
    placed.add(command.customerId());
    placed.add(command.createdAt().toEpochMilli());
    placed.add(command.fingerprint());
    placed.add(order.json());
    placed.add(keptUntil == null ? "" : Json.bytes(Order.accepted(id, command)));
    placed.add(keptUntil == null ? 0 : keptUntil.toEpochMilli());
    for (var item : command.items()) {
      placed.add(item.sku());
      placed.add(item.quantity());
    }
    status = OrderStatus.PLACED;
    entries.add(Json.bytes(entry));
  }

  /** Takes the next event. */
  void advance(OrderEvent event, TimelineEntry entry) {
    @Nullable OrderStatus then = event.status();
    if (then != null) {
      status = then;
    }
    if (pieces == Pieces.KEEP) {
      // What was released or consumed is no longer set aside: nothing happens to it again.
      pieces = pieces(event);
    }
    fields.addAll(fields(event));
    entries.add(Json.bytes(entry));
  }

  @Override
  public void write(List<String> keys, List<Object> arguments) {
    keys.addAll(
        List.of(Keys.order(id), Keys.timeline(id), Keys.idempotency(id), Keys.reservation(id)));
    arguments.add("order");
    arguments.add(id);
    arguments.add(first);
    arguments.add(status == null ? "" : status.name());
    arguments.add(status != null && status.isSettled());
    arguments.add(pieces.name().toLowerCase(Locale.ROOT));
    writeAll(entries, arguments);
    writeAll(fields, arguments);
    writeAll(placed, arguments);
  }

  private static void writeAll(Collection<?> list, List<Object> arguments) {
    arguments.add(list.size());
    arguments.addAll(list);
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
}
