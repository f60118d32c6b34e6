package shop.bench.payments;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import shop.bench.platform.ConstantRate;
import shop.bench.platform.EventHeaders;
import shop.bench.platform.Polling;
import shop.bench.platform.TopicTail;

/**
 * Produces placed orders to {@code orders}, like the order processor, and records when their
 * results can be read from {@code payments}.
 */
final class PlacedOrders implements AutoCloseable {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
  private static final Set<String> RESULTS =
      Set.of("shop.payment.captured.v1", "shop.payment.declined.v1", "shop.payment.voided.v1");

  private final KafkaProducer<byte[], byte[]> producer;
  private final TopicTail results;
  private final Map<String, Long> placed = new ConcurrentHashMap<>();
  private final Map<String, Long> settled = new ConcurrentHashMap<>();
  private final Set<String> duplicates = ConcurrentHashMap.newKeySet();

  PlacedOrders(String bootstrapServers) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    results =
        new TopicTail(
            bootstrapServers, "payments", Map.of(), records -> records.forEach(this::addResult));
  }

  /** Places orders at once and returns their ids. */
  List<String> backlog(int count) {
    var ids = IntStream.range(0, count).mapToObj(_ -> UUID.randomUUID().toString()).toList();
    ids.forEach(this::place);
    producer.flush();
    return ids;
  }

  /** Places orders at a constant rate and returns their ids. */
  Set<String> steadily(int perSecond, int seconds) {
    Set<String> ids = new HashSet<>();
    ConstantRate.run(
        perSecond,
        seconds,
        () -> {
          var id = UUID.randomUUID().toString();
          ids.add(id);
          place(id);
        });
    return ids;
  }

  private void place(String id) {
    var now = Instant.now();
    var record = new ProducerRecord<>("orders", id.getBytes(UTF_8), body(now).getBytes(UTF_8));
    EventHeaders.add(record, "shop.order.placed.v1", "order-service", id, now.toString(), 1);
    placed.put(id, System.nanoTime());
    var _ = producer.send(record);
  }

  private static String body(Instant now) {
    return """
    {"customerId":"%s","idempotencyKey":"%s",\
    "fingerprint":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",\
    "items":[{"sku":"MUG-WHITE","name":"White mug","quantity":2,\
    "unitPrice":{"amount":1290,"currency":"EUR"},"lineTotal":{"amount":2580,"currency":"EUR"}}],\
    "total":{"amount":2580,"currency":"EUR"},"paymentMethod":"pm_card_visa",\
    "shippingAddress":{"name":"Ada Example","line1":"1 Sample Street","city":"Berlin",\
    "postalCode":"10115","country":"DE"},"createdAt":"%s"}\
    """
        .formatted(UUID.randomUUID(), UUID.randomUUID(), now);
  }

  /**
   * Waits until all orders have a result.
   *
   * @throws IOException if that takes longer than the timeout
   */
  void awaitSettled(Collection<String> ids, Duration timeout)
      throws IOException, InterruptedException {
    var pending = new ArrayDeque<>(ids);
    Polling.await(
        timeout,
        POLL_INTERVAL,
        () -> {
          while (!pending.isEmpty() && settled.containsKey(pending.getFirst())) {
            pending.removeFirst();
          }
          return pending.isEmpty();
        },
        () -> "Order " + pending.getFirst() + " has no result after " + timeout);
  }

  /** Milliseconds from placing the order to reading its result. */
  double millis(String id) {
    return (settledAt(id) - placed.getOrDefault(id, 0L)) / 1e6;
  }

  /** The time at which the result was read, in nanoseconds. */
  long settledAt(String id) {
    return settled.getOrDefault(id, 0L);
  }

  /** Orders with more than one result in the log. */
  int ordersWithSeveralResults() {
    return duplicates.size();
  }

  private void addResult(ConsumerRecord<byte[], byte[]> record) {
    String type = new String(record.headers().lastHeader("ce_type").value(), UTF_8);
    if (RESULTS.contains(type)) {
      var id = new String(record.key(), UTF_8);
      if (settled.putIfAbsent(id, System.nanoTime()) != null) {
        duplicates.add(id);
      }
    }
  }

  @Override
  public void close() {
    results.close();
    producer.close();
  }
}
