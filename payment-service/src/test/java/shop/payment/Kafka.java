package shop.payment;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import shop.common.deadletter.DeadLetter;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.common.trace.TraceContext;
import shop.local.broker.Brokers;

/** The test's own view of the brokers: writes orders, reads what payment-service wrote. */
public final class Kafka {

  private static final KafkaProducer<byte[], byte[]> PRODUCER =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", Brokers.kafka(), "acks", "all"),
          new ByteArraySerializer(),
          new ByteArraySerializer());

  private Kafka() {}

  /** What order-service writes of a placed order. */
  public static ProducerRecord<byte[], byte[]> placed(Due due) {
    return order(
        due,
        "shop.order.placed.v1",
        1,
        Map.of(
            "customerId", due.customerId(),
            "total", due.amount(),
            "paymentMethod", due.paymentMethod(),
            "items", List.of()));
  }

  /** What order-service writes when a customer cancels. */
  public static ProducerRecord<byte[], byte[]> cancelRequested(Due due) {
    return order(
        due,
        "shop.order.cancel-requested.v1",
        2,
        Map.of(
            "customerId", due.customerId(),
            "total", due.amount(),
            "reason", "ordered by mistake",
            "placedAt", Instant.EPOCH.toString()));
  }

  /** What order-service writes when an admin gives money back. */
  public static ProducerRecord<byte[], byte[]> refundRequested(
      Due due, UUID refundId, long amount) {
    return order(
        due,
        "shop.order.refund-requested.v1",
        3,
        Map.of(
            "customerId",
            due.customerId(),
            "refundId",
            refundId,
            "amount",
            new Money(amount, due.amount().currency()),
            "reason",
            "one mug was broken",
            "paymentIntentId",
            "pi_is_read_from_the_log",
            "placedAt",
            Instant.EPOCH.toString()));
  }

  private static ProducerRecord<byte[], byte[]> order(
      Due due, String type, long sequence, Map<String, Object> data) {
    return new Envelope(
            UUID.randomUUID().toString(),
            type,
            "order-service",
            due.orderId().toString(),
            Instant.now(),
            sequence,
            TraceContext.fresh())
        .record(Topics.ORDERS.name(), data);
  }

  public static Due due(String paymentMethod) {
    return new Due(UUID.randomUUID(), UUID.randomUUID(), new Money(2580, "EUR"), paymentMethod);
  }

  public static RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    try {
      return PRODUCER.send(record).get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A customer places an order. */
  public static Due place(String paymentMethod) {
    var due = due(paymentMethod);
    send(placed(due));
    return due;
  }

  /** The types of an order's payment events, in order. */
  public static List<String> types(Due due) {
    return payments(due).map(record -> Envelope.of(record.headers()).type()).toList();
  }

  public static Stream<ConsumerRecord<byte[], byte[]>> payments(Due due) {
    return read(Topics.PAYMENTS.name())
        .filter(record -> due.orderId().toString().equals(text(record.key())));
  }

  /** The last event of that type of an order, once there is one. */
  public static <T> T last(Due due, String type, Class<T> as) {
    await().atMost(Duration.ofSeconds(30)).until(() -> types(due).contains(type));
    return payments(due)
        .filter(record -> type.equals(Envelope.of(record.headers()).type()))
        .reduce((one, other) -> other)
        .map(record -> Json.read(record.value(), as))
        .orElseThrow();
  }

  public static void awaitTypes(Due due, String... types) {
    await().atMost(Duration.ofSeconds(30)).until(() -> types(due).equals(List.of(types)));
  }

  /** What was read of a topic so far; ask again until it is what you wait for. */
  public static Stream<ConsumerRecord<byte[], byte[]>> read(String topic) {
    return Reading.RECORDS.stream().filter(record -> record.topic().equals(topic));
  }

  /**
   * Follows what payment-service writes, from when it is asked for first: then there are topics.
   */
  private static final class Reading {
    private static final Queue<ConsumerRecord<byte[], byte[]>> RECORDS =
        new ConcurrentLinkedQueue<>();

    static {
      new TopicFollower(
              "test",
              Map.of(
                  "bootstrap.servers", Brokers.kafka(),
                  "key.deserializer", ByteArrayDeserializer.class,
                  "value.deserializer", ByteArrayDeserializer.class),
              List.of(
                  Topics.PAYMENTS,
                  Topics.PAYMENT_RETRIES,
                  Topics.DEAD_LETTERS,
                  Topics.DEAD_LETTER_ACTIONS),
              RECORDS::add,
              _ -> {})
          .start();
    }
  }

  /** What payment-service has committed of the partition that a record lies on. */
  public static long committed(RecordMetadata record) {
    try (var admin = Admin.create(Map.of("bootstrap.servers", Brokers.kafka()))) {
      OffsetAndMetadata offset =
          admin
              .listConsumerGroupOffsets("payment-service")
              .partitionsToOffsetAndMetadata()
              .get()
              .get(new TopicPartition(record.topic(), record.partition()));
      return offset == null ? -1 : offset.offset();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The dead letters of a record that was polled from this place. */
  public static List<DeadLetter> deadLetters(RecordMetadata place) {
    String id = "payment-service:" + place.topic() + ":" + place.partition() + ":" + place.offset();
    return read(Topics.DEAD_LETTERS.name())
        .filter(record -> id.equals(text(record.key())))
        .map(record -> DeadLetter.read(record.headers(), record.value()))
        .toList();
  }

  public static DeadLetter awaitDeadLetter(RecordMetadata place) {
    await().atMost(Duration.ofSeconds(30)).until(() -> deadLetters(place).size() == 1);
    return deadLetters(place).getFirst();
  }

  public static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
