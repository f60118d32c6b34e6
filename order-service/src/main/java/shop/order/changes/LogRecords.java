package shop.order.changes;

import java.time.Instant;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.event.UnnumberedTypes;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.OrderSummary;
import shop.order.OrderWithheld;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.StockAdjusted;
import shop.order.TimelineEntry;
import shop.order.kafka.DeadlineHeader;
import shop.order.kafka.OrderSummaryHeader;

/** Reads the records of the log that change the views: events of orders, and stock adjustments. */
public final class LogRecords {

  private static final Logger log = LoggerFactory.getLogger(LogRecords.class);

  private final Function<PlaceOrder, @Nullable Instant> responseExpiry;
  private final BiPredicate<ConsumerRecord<byte[], byte[]>, StockChange> hasCounted;

  /**
   * A reader of records.
   *
   * @param responseExpiry until when the response to an order is stored; null if it has expired
   * @param hasCounted whether another record has made an adjustment of the stock
   */
  public LogRecords(
      Function<PlaceOrder, @Nullable Instant> responseExpiry,
      BiPredicate<ConsumerRecord<byte[], byte[]>, StockChange> hasCounted) {
    this.responseExpiry = responseExpiry;
    this.hasCounted = hasCounted;
  }

  /**
   * Adds what a record changes.
   *
   * @throws RuntimeException if it is malformed; nothing is added then
   */
  public void addTo(LogChanges changes, ConsumerRecord<byte[], byte[]> record) {
    var envelope = Envelope.of(record.headers());
    if (record.value() == null) {
      throw new MalformedEvent("The record has no data");
    }
    if (UnnumberedTypes.contains(envelope.type())) {
      addWithheld(envelope, record, changes);
    } else if (Redrive.origin(record.headers(), record.topic()).equals(Topics.CATALOG.name())) {
      addAdjustment(envelope, record, changes);
    } else {
      addEvent(envelope, record.value(), changes);
    }
  }

  /** Adds a withheld order, or its end; answers to commands change nothing. */
  private static void addWithheld(
      Envelope envelope, ConsumerRecord<byte[], byte[]> record, LogChanges changes) {
    switch (envelope.type()) {
      case OrderWithheld.TYPE ->
          changes.withhold(OrderId.parse(envelope.subject()), summary(record));
      case OrderWithheld.Ended.TYPE ->
          changes.endWithheld(
              OrderId.parse(envelope.subject()),
              summary(record),
              Json.read(record.value(), OrderWithheld.Ended.class).reason());
      default -> {
        // An answer to a command.
      }
    }
  }

  private static OrderSummary summary(ConsumerRecord<byte[], byte[]> record) {
    return OrderSummaryHeader.read(record.headers())
        .orElseThrow(() -> new MalformedEvent("A withheld order needs a summary"));
  }

  private void addEvent(Envelope envelope, byte[] data, LogChanges changes) {
    var event = OrderEvent.read(envelope.type(), data);
    var id = OrderId.parse(envelope.subject());
    var entry = TimelineEntry.of(envelope, event);
    if ((entry.sequence() == 1) != event instanceof OrderEvent.Placed) {
      throw new MalformedEvent("Event 1 of an order, and no other, must be its placement");
    }
    log.debug("Applying {} {} of order {}", entry.sequence(), envelope.type(), id);
    if (event instanceof OrderEvent.Placed(var placed)) {
      changes.place(id, new SerializedOrder(placed, data), entry, responseExpiry.apply(placed));
    } else {
      changes.advance(id, event, entry);
    }
  }

  private void addAdjustment(
      Envelope envelope, ConsumerRecord<byte[], byte[]> record, LogChanges changes) {
    if (envelope.type().equals(StockAdjusted.TYPE) && !isLate(record)) {
      var adjusted = Json.read(record.value(), StockAdjusted.class);
      var change =
          new StockChange(
              envelope.id(),
              adjusted.sku(),
              adjusted.delta(),
              adjusted.fingerprint(),
              "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset()),
              Instant.ofEpochMilli(Math.max(0, record.timestamp())));
      if (!hasCounted.test(record, change)) {
        changes.adjust(change);
      }
    }
  }

  /** True if an adjustment was appended after its deadline; one that is redriven was in time. */
  private static boolean isLate(ConsumerRecord<byte[], byte[]> record) {
    return Redrive.of(record.headers()).isEmpty()
        && DeadlineHeader.read(record.headers())
            .filter(deadline -> deadline.isMissed(record.timestamp()))
            .isPresent();
  }
}
