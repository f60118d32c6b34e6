package shop.bench.payments;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Orders as the order processor tells of them on {@code orders}, and when {@code payments} told the
 * results, as a reader of it learns.
 */
final class PlacedOrders implements AutoCloseable {

  private static final Set<String> RESULTS =
      Set.of("shop.payment.captured.v1", "shop.payment.declined.v1", "shop.payment.voided.v1");

  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread reading;
  private final Map<String, Long> placed = new ConcurrentHashMap<>();
  private final Map<String, Long> settled = new ConcurrentHashMap<>();
  private final Set<String> twice = ConcurrentHashMap.newKeySet();
  private volatile boolean open = true;

  PlacedOrders(String bootstrapServers) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor("payments").stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    reading = Thread.ofPlatform().name("payments").start(this::read);
  }

  /** Places so many at once; their ids. */
  List<String> backlog(int count) {
    var ids = IntStream.range(0, count).mapToObj(_ -> UUID.randomUUID().toString()).toList();
    ids.forEach(this::place);
    producer.flush();
    return ids;
  }

  /** Places so many a second, evenly, for a time; their ids. */
  Set<String> steadily(int perSecond, int seconds) {
    Set<String> ids = new HashSet<>();
    long start = System.nanoTime();
    for (int i = 0; i < perSecond * seconds; i++) {
      long due = start + TimeUnit.SECONDS.toNanos(1) * i / perSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      var id = UUID.randomUUID().toString();
      ids.add(id);
      place(id);
    }
    return ids;
  }

  private void place(String id) {
    var now = Instant.now();
    var record = new ProducerRecord<>("orders", id.getBytes(UTF_8), body(now).getBytes(UTF_8));
    var trace = UUID.randomUUID().toString().replace("-", "");
    Map.of(
            "ce_specversion", "1.0",
            "ce_id", UUID.randomUUID().toString(),
            "ce_type", "shop.order.placed.v1",
            "ce_source", "order-service",
            "ce_subject", id,
            "ce_time", now.toString(),
            "ce_sequence", "1",
            "content-type", "application/json",
            "traceparent", "00-" + trace + "-" + trace.substring(16) + "-01")
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
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
   * Waits until all of them have their results.
   *
   * @throws IllegalStateException if that takes longer
   */
  void awaitSettled(Iterable<String> ids, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (var id : ids) {
      while (!settled.containsKey(id)) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("Order " + id + " has no result after " + limit);
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  /** Milliseconds from placed to the result being read. */
  double millis(String id) {
    return (settledAt(id) - placed.getOrDefault(id, 0L)) / 1e6;
  }

  /** When the result was read, in nanoseconds. */
  long settledAt(String id) {
    return settled.getOrDefault(id, 0L);
  }

  /** Orders with more than one result in the log. */
  int settledTwice() {
    return twice.size();
  }

  private void read() {
    try {
      while (open) {
        consumer.poll(Duration.ofMillis(200)).forEach(this::take);
      }
    } catch (WakeupException e) {
      if (open) {
        throw e;
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    String type = new String(record.headers().lastHeader("ce_type").value(), UTF_8);
    if (RESULTS.contains(type)) {
      var id = new String(record.key(), UTF_8);
      if (settled.putIfAbsent(id, System.nanoTime()) != null) {
        twice.add(id);
      }
    }
  }

  @Override
  public void close() {
    open = false;
    consumer.wakeup();
    try {
      reading.join();
      consumer.close();
      producer.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
