package shop.order.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.kafka.Topic;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.common.testkit.TopicReader;
import shop.order.OrderEvent;
import shop.order.OrderId;
import shop.order.StockAdjusted;
import shop.order.UnreadableCommand;
import shop.order.catalog.Product;
import shop.order.kafka.OrderSummaryHeader;

/** Reads whole topics of the cluster, and writes records as payment-service and admins do. */
final class EventLog implements AutoCloseable {

  private final String bootstrapServers;
  private final KafkaProducer<byte[], byte[]> producer;

  EventLog(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Appends a payment fact. */
  void fact(String orderId, String type, Object data) {
    send(
        Envelope.of(type, "payment-service", orderId, Instant.now())
            .record(Topics.PAYMENTS.name(), data));
  }

  void captured(String orderId) {
    fact(orderId, "shop.payment.captured.v1", Map.of("paymentIntentId", "pi_" + orderId));
  }

  /** Appends a product with a number of pieces. */
  void product(String sku, int pieces) {
    var now = Instant.now();
    send(
        Envelope.of(Product.UPSERTED, "test", sku, now)
            .record(
                Topics.CATALOG.name(),
                new Product(sku, sku, "For a test", "tests", List.of(new Money(100, "EUR")), 1)));
    send(
        Envelope.of(StockAdjusted.TYPE, "test", sku, now)
            .record(Topics.CATALOG.name(), new StockAdjusted(sku, pieces, "for a test")));
  }

  /** Appends an event that cannot be read. */
  void malformedEvent(byte[] data) {
    send(
        Envelope.of(OrderEvent.Confirmed.TYPE, "test", UUID.randomUUID().toString(), Instant.now())
            .record(Topics.ORDERS.name(), data));
  }

  /** The types of an order's numbered events; see {@link #eventsByOrder}. */
  List<String> events(String orderId) {
    return eventsByOrder().getOrDefault(orderId, List.of());
  }

  /**
   * The types of all orders' numbered events.
   *
   * @throws AssertionError if a sequence number is missing or repeated
   */
  Map<String, List<String>> eventsByOrder() {
    Map<String, List<String>> orders = new HashMap<>();
    for (var record : read(Topics.ORDERS)) {
      var envelope = Envelope.of(record.headers());
      if (envelope.sequence() == null) {
        continue;
      }
      var events = orders.computeIfAbsent(envelope.subject(), _ -> new ArrayList<>());
      events.add(envelope.type());
      if (envelope.sequence() != events.size()) {
        throw new AssertionError(
            "Order %s has event %d instead of event %d"
                .formatted(envelope.subject(), envelope.sequence(), events.size()));
      }
    }
    return orders;
  }

  /** Every committed record of a topic, in the order of each partition. */
  List<ConsumerRecord<byte[], byte[]>> read(Topic topic) {
    return TopicReader.all(bootstrapServers, topic);
  }

  /** The keys of a topic's records, which are order ids. */
  List<String> subjects(Topic topic) {
    return read(topic).stream().map(record -> new String(record.key(), UTF_8)).toList();
  }

  /** Appends the unreadable command of another order of the same request. */
  void unreadableCommand(String placed, OrderId id) {
    send(
        UnreadableCommand.of(id, OrderSummaryHeader.read(command(placed).headers()).orElseThrow()));
  }

  /** The command that placed an order. */
  ConsumerRecord<byte[], byte[]> command(String id) {
    return read(Topics.ORDER_COMMANDS).stream()
        .filter(record -> new String(record.key(), UTF_8).equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** The dead letter of an order's command; the test fails if there is not exactly one. */
  DeadLetter deadLetter(String orderId) {
    var letters =
        read(Topics.DEAD_LETTERS).stream()
            .map(record -> DeadLetter.read(record.headers(), record.value()))
            .filter(letter -> orderId.equals(letter.eventSubject()))
            .toList();
    if (letters.size() != 1) {
      throw new AssertionError("Order " + orderId + " has " + letters.size() + " dead letters");
    }
    return letters.getFirst();
  }

  /** Redrives a dead letter with another body. */
  void redrive(DeadLetter letter, byte[] body) {
    var record = letter.redriven(1);
    send(new ProducerRecord<>(record.topic(), null, null, record.key(), body, record.headers()));
  }

  /** Discards a dead letter, as the desk does with a message that must be settled. */
  void discard(DeadLetter letter) {
    var record = letter.redriven(1);
    Redrive.markSettlement(record.headers());
    send(record);
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }
}
