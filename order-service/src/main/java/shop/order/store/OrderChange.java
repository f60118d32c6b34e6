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
import shop.order.redis.Keys;

/** Consecutive events of one order, merged into one change of a {@link PartitionBatch}. */
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
  private PieceAction pieceAction = PieceAction.KEEP;

  /** A change that begins with the event of a sequence number. */
  OrderChange(OrderId id, long first) {
    this.id = id;
    this.first = first;
  }

  /** What an event does with the pieces that are reserved for its order. */
  private enum PieceAction {
    KEEP,
    RELEASE,
    CONSUME
  }

  /** The sequence number after its events. */
  long next() {
    return first + entries.size();
  }

  /** Adds event 1; see {@link PartitionBatch#place}. If it throws, nothing is added. */
  void place(SerializedOrder order, TimelineEntry entry, @Nullable Instant responseExpiry) {
    var command = order.order();
    List<Object> placement = new ArrayList<>();
    placement.add(command.customerId());
    placement.add(command.createdAt().toEpochMilli());
    placement.add(command.fingerprint());
    placement.add(order.json());
    placement.add(responseExpiry == null ? "" : Json.bytes(Order.accepted(id, command)));
    placement.add(responseExpiry == null ? 0 : responseExpiry.toEpochMilli());
    for (var item : command.items()) {
      placement.add(item.sku());
      placement.add(item.quantity());
    }
    byte[] entryJson = Json.bytes(entry);
    placed = placement;
    status = OrderStatus.PLACED;
    entries.add(entryJson);
  }

  /** Adds the next event. If it throws, nothing is added. */
  void advance(OrderEvent event, TimelineEntry entry) {
    @Nullable OrderStatus next = event.status();
    List<String> more = fields(event);
    byte[] entryJson = Json.bytes(entry);
    if (next != null) {
      status = next;
    }
    if (pieceAction == PieceAction.KEEP) {
      // Pieces that were released or consumed are no longer reserved; later events leave them so.
      pieceAction = pieceAction(event);
    }
    fields.addAll(more);
    entries.add(entryJson);
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
    arguments.add(pieceAction.name().toLowerCase(Locale.ROOT));
    writeAll(entries, arguments);
    writeAll(fields, arguments);
    writeAll(placed, arguments);
  }

  private static void writeAll(Collection<?> list, List<Object> arguments) {
    arguments.add(list.size());
    arguments.addAll(list);
  }

  private static PieceAction pieceAction(OrderEvent event) {
    return switch (event) {
      case OrderEvent.PaymentFailed _, OrderEvent.Cancelled _ -> PieceAction.RELEASE;
      case OrderEvent.Refunded refunded ->
          refunded.status() == OrderStatus.REFUNDED ? PieceAction.RELEASE : PieceAction.KEEP;
      case OrderEvent.Shipped _ -> PieceAction.CONSUME;
      case OrderEvent.Placed _,
          OrderEvent.Confirmed _,
          OrderEvent.CancelRequested _,
          OrderEvent.RefundRequested _,
          OrderEvent.RefundFailed _,
          OrderEvent.RefundFailedLater _,
          OrderEvent.Delivered _ ->
          PieceAction.KEEP;
    };
  }

  private static List<String> fields(OrderEvent event) {
    return switch (event) {
      case OrderEvent.PaymentFailed failed -> List.of(REASON, failed.reason());
      case OrderEvent.CancelRequested cancel -> List.of(REASON, cancel.reason());
      case OrderEvent.RefundFailedLater failed ->
          List.of(REFUNDED, Long.toString(failed.refundedTotal().amount()));
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
