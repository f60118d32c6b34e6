package shop.bench.notices;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Orders that are placed and confirmed, and how many notices of them were sent. */
final class NoticeLoad implements AutoCloseable {

  private static final int CUSTOMERS = 32;

  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread reading;
  private final AtomicLong told = new AtomicLong();
  private volatile boolean open = true;

  NoticeLoad(String bootstrapServers) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "fetch.min.bytes", 1 << 16),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor("notifications").stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    reading = Thread.ofPlatform().name("notifications").start(this::read);
  }

  /** Opens the customers' accounts. */
  void register() {
    for (int i = 0; i < CUSTOMERS; i++) {
      send(
          "accounts",
          "shop.account.registered.v1",
          customer(i),
          1,
          "{\"email\":\"customer-%d@shop.test\",\"roles\":[\"CUSTOMER\"]}".formatted(i));
    }
    producer.flush();
  }

  /** Notices sent so far. */
  long told() {
    return told.get();
  }

  /** Places and confirms so many a second, evenly, for a time; how many. */
  int steadily(int perSecond, int seconds) {
    long start = System.nanoTime();
    for (int i = 0; i < perSecond * seconds; i++) {
      long due = start + TimeUnit.SECONDS.toNanos(1) * i / perSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      var id = UUID.randomUUID().toString();
      var customer = customer(i % CUSTOMERS);
      send("orders", "shop.order.placed.v1", id, 1, placed(customer));
      send("orders", "shop.order.confirmed.v1", id, 2, confirmed(customer));
    }
    return perSecond * seconds;
  }

  private static String customer(int number) {
    return new UUID(0, number).toString();
  }

  private static String placed(String customer) {
    return """
    {"customerId":"%s","items":[{"sku":"MUG-WHITE","name":"White mug","quantity":2,\
    "unitPrice":{"amount":1290,"currency":"EUR"},"lineTotal":{"amount":2580,"currency":"EUR"}}],\
    "total":{"amount":2580,"currency":"EUR"},"paymentMethod":"pm_card_visa"}\
    """
        .formatted(customer);
  }

  private static String confirmed(String customer) {
    return """
    {"customerId":"%s","total":{"amount":2580,"currency":"EUR"},"paymentIntentId":"pi_bench"}\
    """
        .formatted(customer);
  }

  private void send(String topic, String type, String subject, int sequence, String data) {
    var record = new ProducerRecord<>(topic, subject.getBytes(UTF_8), data.getBytes(UTF_8));
    var trace = UUID.randomUUID().toString().replace("-", "");
    Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            UUID.randomUUID().toString(),
            "ce_type",
            type,
            "ce_source",
            "order-service",
            "ce_subject",
            subject,
            "ce_time",
            Instant.now().toString(),
            "ce_sequence",
            Integer.toString(sequence),
            "content-type",
            "application/json",
            "traceparent",
            "00-" + trace + "-" + trace.substring(16) + "-01")
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    var _ = producer.send(record);
  }

  private void read() {
    try {
      while (open) {
        told.addAndGet(consumer.poll(Duration.ofMillis(200)).count());
      }
    } catch (WakeupException e) {
      if (open) {
        throw e;
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
