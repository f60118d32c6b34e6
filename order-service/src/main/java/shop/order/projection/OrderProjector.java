package shop.order.projection;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.catalog.StockAdjusted;
import shop.order.store.OrderView;
import shop.order.store.Positions;
import shop.order.store.Source;
import shop.order.store.Stock;

/**
 * Applies what the log tells to Redis: events of orders to the view, adjustments to the stock. Many
 * are under way at once; Redis takes them in order.
 */
@Component
class OrderProjector {

  /** The consumer group, which shares the partitions out; positions lie in Redis. */
  static final String GROUP = "order-view";

  private static final Logger log = LoggerFactory.getLogger(OrderProjector.class);

  private final OrderView view;
  private final Stock stock;
  private final Positions positions;
  private final DeadLetterPublisher deadLetters;

  OrderProjector(
      OrderView view, Stock stock, Positions positions, DeadLetterPublisher deadLetters) {
    this.view = view;
    this.stock = stock;
    this.positions = positions;
    this.deadLetters = deadLetters;
  }

  /**
   * Applies records of one partition, in their order.
   *
   * @throws GapException if an earlier event is missing in Redis
   * @throws RuntimeException if Redis or Kafka failed; the records are to be read again
   */
  void apply(Collection<ConsumerRecord<byte[], byte[]>> records) {
    List<Change> changes = records.stream().map(this::begin).toList();
    for (var change : changes) {
      if (change.outcome().join().equals(OrderView.Applied.GAP.name())) {
        throw new GapException(change.record());
      }
      if (change.taken()) {
        deadLetters.wentThrough(change.record().headers());
      }
    }
  }

  private Change begin(ConsumerRecord<byte[], byte[]> record) {
    var source = Source.of(record);
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

  private CompletableFuture<String> take(Source source, ConsumerRecord<byte[], byte[]> record) {
    var envelope = Envelope.of(record.headers());
    if (record.value() == null) {
      throw new MalformedEvent("The record has no data");
    }
    return origin(record).equals(Topics.CATALOG.name())
        ? ofCatalog(source, envelope, record.value())
        : ofOrder(source, envelope, record.value());
  }

  private CompletableFuture<String> ofOrder(Source source, Envelope envelope, byte[] data) {
    long sequence = envelope.requireSequence();
    var event = OrderEvent.read(envelope.type(), data);
    log.debug("Applying {} {} of order {}", sequence, envelope.type(), envelope.subject());
    return view.apply(source, OrderId.parse(envelope.subject()), sequence, event)
        .thenApply(Enum::name);
  }

  private CompletableFuture<String> ofCatalog(Source source, Envelope envelope, byte[] data) {
    if (!envelope.type().equals(StockAdjusted.TYPE)) {
      return positions.pass(source);
    }
    var adjusted = Json.read(data, StockAdjusted.class);
    return stock.adjust(source, envelope.id(), adjusted.sku(), adjusted.delta());
  }

  private static String origin(ConsumerRecord<byte[], byte[]> record) {
    return Redrive.of(record.headers()).map(Redrive::topic).orElse(record.topic());
  }

  /** A record whose change is under way; taken unless it was another's or given up. */
  private record Change(
      ConsumerRecord<byte[], byte[]> record, CompletableFuture<String> outcome, boolean taken) {}

  /** Redis lacks an event before this one: it is older than its positions say. */
  static final class GapException extends RuntimeException {
    GapException(ConsumerRecord<byte[], byte[]> record) {
      super(
          "Redis lacks the event before %s-%d@%d"
              .formatted(record.topic(), record.partition(), record.offset()));
    }
  }
}
