package shop.order.changes;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.json.Json;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.SerializedOrder;
import shop.order.TimelineEntry;

/** Consecutive events of one order, merged into one change. */
public final class OrderChange implements Change {

  /** Fields of an order that events add. */
  public static final String REASON = "reason";

  public static final String REFUNDED = "refunded";
  public static final String CARRIER = "carrier";
  public static final String TRACKING_NUMBER = "trackingNumber";

  private final OrderId id;
  private final long first;
  private final List<byte[]> entries = new ArrayList<>();
  private final Map<String, String> fields = new LinkedHashMap<>();
  private @Nullable Placement placement;
  private @Nullable OrderStatus status;
  private PieceAction pieceAction = PieceAction.KEEP;
  private final Set<UUID> refundsRequested = new LinkedHashSet<>();
  private final Set<UUID> refundsEnded = new LinkedHashSet<>();
  private long placedMillis;

  /** A change that begins with the event of a sequence number. */
  OrderChange(OrderId id, long first) {
    this.id = id;
    this.first = first;
  }

  /**
   * Event 1.
   *
   * @param createdMillis when the order was placed, in milliseconds since 1970
   * @param responseExpiry until when the response is stored under the order's key; null if it has
   *     expired
   */
  public record Placement(
      SerializedOrder order, long createdMillis, @Nullable Instant responseExpiry) {}

  /** What an event does with the pieces that are reserved for its order. */
  public enum PieceAction {
    KEEP,
    RELEASE,
    CONSUME
  }

  public OrderId id() {
    return id;
  }

  /** The sequence number of its first event. */
  public long first() {
    return first;
  }

  /** The sequence number of its last event. */
  public long last() {
    return first + entries.size() - 1;
  }

  /** The timeline entries of its events as JSON. */
  public List<byte[]> entries() {
    return Collections.unmodifiableList(entries);
  }

  /** The fields that its events set. */
  public Map<String, String> fields() {
    return Collections.unmodifiableMap(fields);
  }

  /** Event 1; null if it is not among its events. */
  public @Nullable Placement placement() {
    return placement;
  }

  /** The status after its events; null if they do not change it. */
  public @Nullable OrderStatus status() {
    return status;
  }

  public PieceAction pieceAction() {
    return pieceAction;
  }

  /** The refunds that its events request, without those that they also end. */
  public Set<UUID> refundsRequested() {
    return Collections.unmodifiableSet(refundsRequested);
  }

  /** The refunds that its events report as made or failed. */
  public Set<UUID> refundsEnded() {
    return Collections.unmodifiableSet(refundsEnded);
  }

  /** When the order was placed, in milliseconds since 1970. */
  public long placedMillis() {
    return placedMillis;
  }

  /** Adds event 1; see {@link LogChanges#place}. If it throws, nothing is added. */
  void place(SerializedOrder order, TimelineEntry entry, @Nullable Instant responseExpiry) {
    long created = order.order().createdAt().toEpochMilli();
    byte[] entryJson = Json.bytes(entry);
    placement = new Placement(order, created, responseExpiry);
    status = OrderStatus.PLACED;
    placedMillis = created;
    entries.add(entryJson);
  }

  /** Adds the next event. If it throws, nothing is added. */
  void advance(OrderEvent event, TimelineEntry entry) {
    @Nullable OrderStatus next = event.status();
    Map<String, String> more = fields(event);
    long placed = event.placedAt().toEpochMilli();
    byte[] entryJson = Json.bytes(entry);
    if (next != null) {
      status = next;
    }
    if (pieceAction == PieceAction.KEEP) {
      // Pieces that were released or consumed are no longer reserved; later events leave them so.
      pieceAction = pieceAction(event);
    }
    fields.putAll(more);
    placedMillis = placed;
    switch (event) {
      case OrderEvent.RefundRequested refund -> {
        refundsRequested.add(refund.refundId());
        refundsEnded.remove(refund.refundId());
      }
      case OrderEvent.Refunded refund -> endRefund(refund.refundId());
      case OrderEvent.RefundFailed refund -> endRefund(refund.refundId());
      default -> {
        // Not about a refund that is under way.
      }
    }
    entries.add(entryJson);
  }

  private void endRefund(UUID refundId) {
    refundsEnded.add(refundId);
    refundsRequested.remove(refundId);
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

  private static Map<String, String> fields(OrderEvent event) {
    return switch (event) {
      case OrderEvent.PaymentFailed failed -> Map.of(REASON, failed.reason());
      case OrderEvent.CancelRequested cancel -> Map.of(REASON, cancel.reason());
      case OrderEvent.RefundFailedLater failed ->
          Map.of(REFUNDED, Long.toString(failed.refundedTotal().amount()));
      case OrderEvent.Refunded refunded ->
          Map.of(REFUNDED, Long.toString(refunded.refundedTotal().amount()));
      case OrderEvent.Shipped shipped ->
          Map.of(CARRIER, shipped.carrier(), TRACKING_NUMBER, shipped.trackingNumber());
      case OrderEvent.Placed _,
          OrderEvent.Confirmed _,
          OrderEvent.Cancelled _,
          OrderEvent.RefundRequested _,
          OrderEvent.RefundFailed _,
          OrderEvent.Delivered _ ->
          Map.of();
    };
  }
}
