package shop.order.projection;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.common.json.MalformedJson;
import shop.common.kafka.Topics;
import shop.order.CommandAnswer;
import shop.order.Deadline;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.PlacementSettings;
import shop.order.TimelineEntry;
import shop.order.WrittenOrder;
import shop.order.catalog.StockAdjusted;
import shop.order.store.Applied;
import shop.order.store.OrderChanges;
import shop.order.store.Positions;
import shop.order.store.Source;
import shop.order.store.Stock;

/**
 * Applies what the log tells to Redis: events of orders to the view, adjustments to the stock. Many
 * are under way at once; Redis takes them in order, each only on the one before it.
 */
@Component
class OrderProjector {

  /** The consumer group, which shares the partitions out; positions lie in Redis. */
  static final String GROUP = "order-view";

  private static final Logger log = LoggerFactory.getLogger(OrderProjector.class);

  private final OrderChanges orders;
  private final Stock stock;
  private final Positions positions;
  private final DeadLetterPublisher deadLetters;
  private final PlacementSettings settings;
  private final Clock clock;

  OrderProjector(
      OrderChanges orders,
      Stock stock,
      Positions positions,
      DeadLetterPublisher deadLetters,
      PlacementSettings settings,
      Clock clock) {
    this.orders = orders;
    this.stock = stock;
    this.positions = positions;
    this.deadLetters = deadLetters;
    this.settings = settings;
    this.clock = clock;
  }

  /** Sends the changes of records, which come in the order of their partitions. */
  Sent send(Iterable<ConsumerRecord<byte[], byte[]>> records, Map<TopicPartition, Long> at) {
    List<Change> changes = new ArrayList<>();
    for (var record : records) {
      var partition = new TopicPartition(record.topic(), record.partition());
      changes.add(begin(record, at.getOrDefault(partition, 0L)));
      at.put(partition, record.offset() + 1);
    }
    positions.flush();
    return new Sent(changes);
  }

  /** Changes that are under way to Redis. */
  final class Sent {
    private final List<Change> changes;

    private Sent(List<Change> changes) {
      this.changes = changes;
    }

    /**
     * Waits until all are applied.
     *
     * @throws OutOfStep if Redis lacks something before them: they are to be read again from where
     *     Redis is
     * @throws RuntimeException if Redis or Kafka failed; the same
     */
    void await() {
      for (var change : changes) {
        var applied = change.outcome().join();
        if (applied == Applied.GAP || applied == Applied.BEHIND) {
          throw new OutOfStep(change.record(), applied);
        }
        if (change.taken()) {
          deadLetters.wentThrough(change.record().headers());
        }
      }
    }
  }

  private Change begin(ConsumerRecord<byte[], byte[]> record, long before) {
    var source = Source.of(record, before);
    if (Redrive.isForAnother(record.headers(), GROUP)) {
      return new Change(record, positions.pass(source), false);
    }
    try {
      return new Change(record, take(source, record), true);
    } catch (MalformedEvent | MalformedJson | IllegalArgumentException e) {
      deadLetters.giveUp(GROUP, record, e, 1);
      return new Change(record, positions.pass(source), false);
    }
  }

  private CompletableFuture<Applied> take(Source source, ConsumerRecord<byte[], byte[]> record) {
    var envelope = Envelope.of(record.headers());
    if (record.value() == null) {
      throw new MalformedEvent("The record has no data");
    }
    if (envelope.type().equals(CommandAnswer.TYPE)) {
      return positions.pass(source);
    }
    return Redrive.origin(record.headers(), record.topic()).equals(Topics.CATALOG.name())
        ? ofCatalog(source, envelope, record)
        : ofOrder(source, envelope, record.value());
  }

  private CompletableFuture<Applied> ofOrder(Source source, Envelope envelope, byte[] data) {
    long sequence = envelope.requireSequence();
    var event = OrderEvent.read(envelope.type(), data);
    var id = OrderId.parse(envelope.subject());
    var entry = TimelineEntry.of(envelope, event);
    log.debug("Applying {} {} of order {}", sequence, envelope.type(), id);
    return event instanceof OrderEvent.Placed(var placed)
        ? orders.place(
            source,
            id,
            new WrittenOrder(placed, data),
            entry,
            OrderChanges.keptUntil(placed, settings.answerLife(), clock.instant()))
        : orders.advance(source, id, event, entry);
  }

  private CompletableFuture<Applied> ofCatalog(
      Source source, Envelope envelope, ConsumerRecord<byte[], byte[]> record) {
    if (!envelope.type().equals(StockAdjusted.TYPE) || isLate(record)) {
      return positions.pass(source);
    }
    var adjusted = Json.read(record.value(), StockAdjusted.class);
    return stock.adjust(source, envelope.id(), adjusted.sku(), adjusted.delta());
  }

  /** A redriven adjustment was in time once. */
  private static boolean isLate(ConsumerRecord<byte[], byte[]> record) {
    return Redrive.of(record.headers()).isEmpty()
        && Deadline.of(record.headers())
            .filter(deadline -> deadline.isMissed(record.timestamp()))
            .isPresent();
  }

  /** A record whose change is under way; taken unless it was another's or given up. */
  private record Change(
      ConsumerRecord<byte[], byte[]> record, CompletableFuture<Applied> outcome, boolean taken) {}

  /** Redis is not where this reader believed it to be. */
  static final class OutOfStep extends RuntimeException {
    OutOfStep(ConsumerRecord<byte[], byte[]> record, Applied applied) {
      super(
          "Redis lacks what comes before %s-%d@%d (%s)"
              .formatted(record.topic(), record.partition(), record.offset(), applied));
    }
  }
}
