package shop.order;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import shop.common.event.Envelope;

/**
 * An event of an order as the API shows it.
 *
 * @param sequence its number, from 1 without gaps
 * @param type the event's stable type name
 * @param time of the event
 * @param status of the order after the event; absent if it did not change
 * @param details the event's other fields, sorted by name so that the same event always serializes
 *     to the same bytes
 */
public record TimelineEntry(
    long sequence,
    String type,
    Instant time,
    @Nullable OrderStatus status,
    Map<String, Object> details) {

  public TimelineEntry {
    details = Collections.unmodifiableMap(new TreeMap<>(details));
  }

  /** The entry of an event with its envelope. */
  public static TimelineEntry of(Envelope envelope, OrderEvent event) {
    return new TimelineEntry(
        envelope.requireSequence(), event.type(), envelope.time(), event.status(), details(event));
  }

  private static Map<String, Object> details(OrderEvent event) {
    return switch (event) {
      case OrderEvent.Placed placed -> Map.of("total", placed.order().total());
      case OrderEvent.Confirmed _, OrderEvent.Cancelled _, OrderEvent.Delivered _ -> Map.of();
      case OrderEvent.PaymentFailed failed -> Map.of("reason", failed.reason());
      case OrderEvent.CancelRequested cancel -> Map.of("reason", cancel.reason());
      case OrderEvent.RefundRequested refund ->
          Map.of(
              "refundId", refund.refundId(), "amount", refund.amount(), "reason", refund.reason());
      case OrderEvent.Refunded refund ->
          Map.of(
              "refundId",
              refund.refundId(),
              "amount",
              refund.amount(),
              "refundedTotal",
              refund.refundedTotal());
      case OrderEvent.RefundFailed refund ->
          Map.of(
              "refundId", refund.refundId(), "amount", refund.amount(), "reason", refund.reason());
      case OrderEvent.RefundFailedLater refund ->
          Map.of(
              "refundId",
              refund.refundId(),
              "amount",
              refund.amount(),
              "refundedTotal",
              refund.refundedTotal(),
              "reason",
              refund.reason());
      case OrderEvent.Shipped shipped ->
          Map.of(
              "shipmentId",
              shipped.shipmentId(),
              "carrier",
              shipped.carrier(),
              "trackingNumber",
              shipped.trackingNumber());
    };
  }
}
