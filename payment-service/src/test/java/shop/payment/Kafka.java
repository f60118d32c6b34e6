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
import org.apache.kafka.common.utils.Utils;
import shop.common.deadletter.DeadLetter;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.TopicFollower;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.common.trace.TraceContext;
import shop.local.broker.Brokers;

/** The test's own clients: they write order events and read the records of payment-service. */
public final class Kafka {

  private static final KafkaProducer<byte[], byte[]> PRODUCER =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", Brokers.kafka(), "acks", "all"),
          new ByteArraySerializer(),
          new ByteArraySerializer());

  private Kafka() {}

  /** order-service's record of a placed order. */
  public static ProducerRecord<byte[], byte[]> placed(PaymentTask.Pay order) {
    return placed(order, Instant.now());
  }

  /** The same for an order that was placed at that time. */
  static ProducerRecord<byte[], byte[]> placed(PaymentTask.Pay order, Instant at) {
    return orderEvent(
        order,
        "shop.order.placed.v1",
        1,
        at,
        Map.of(
            "customerId", order.customerId(),
            "total", order.amount(),
            "paymentMethod", order.paymentMethod(),
            "items", List.of(),
            "createdAt", at.toString()));
  }

  /** order-service's record of a cancel request. */
  public static ProducerRecord<byte[], byte[]> cancelRequested(PaymentTask.Pay order) {
    return orderEvent(
        order,
        "shop.order.cancel-requested.v1",
        2,
        Instant.now(),
        Map.of(
            "customerId", order.customerId(),
            "total", order.amount(),
            "reason", "ordered by mistake",
            "placedAt", Instant.EPOCH.toString()));
  }

  /** order-service's record of a refund request. */
  public static ProducerRecord<byte[], byte[]> refundRequested(
      PaymentTask.Pay order, UUID refundId, long amount) {
    return orderEvent(
        order,
        "shop.order.refund-requested.v1",
        3,
        Instant.now(),
        Map.of(
            "customerId",
            order.customerId(),
            "refundId",
            refundId,
            "amount",
            new Money(amount, order.amount().currency()),
            "reason",
            "one mug was broken",
            "paymentIntentId",
            "pi_is_read_from_the_log",
            "placedAt",
            Instant.EPOCH.toString()));
  }

  private static ProducerRecord<byte[], byte[]> orderEvent(
      PaymentTask.Pay order, String type, long sequence, Instant at, Map<String, Object> data) {
    return new Envelope(
            UUID.randomUUID().toString(),
            type,
            "order-service",
            order.orderId().toString(),
            at,
            sequence,
            TraceContext.fresh())
        .record(Topics.ORDERS.name(), data);
  }

  public static PaymentTask.Pay newOrder(String paymentMethod) {
    return newOrder(paymentMethod, new Money(2580, "EUR"));
  }

  public static PaymentTask.Pay newOrder(String paymentMethod, Money amount) {
    return new PaymentTask.Pay(UUID.randomUUID(), UUID.randomUUID(), amount, paymentMethod);
  }

  /** An order whose records are in the first partition of their topics. */
  static PaymentTask.Pay ofFirstPartition(String paymentMethod) {
    return Stream.generate(() -> newOrder(paymentMethod))
        .filter(order -> {
          byte[] key = order.orderId().toString().getBytes(StandardCharsets.UTF_8);
          return Utils.toPositive(Utils.murmur2(key)) % Topics.ORDERS.partitions() == 0;
        })
        .findFirst()
        .orElseThrow();
  }

  public static RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    try {
      return PRODUCER.send(record).get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends a placed order. */
  public static PaymentTask.Pay place(String paymentMethod) {
    var order = newOrder(paymentMethod);
    send(placed(order));
    return order;
  }

  /** The types of an order's payment events, in order. */
  public static List<String> types(PaymentTask.Pay order) {
    return payments(order).map(record -> Envelope.of(record.headers()).type()).toList();
  }

  public static Stream<ConsumerRecord<byte[], byte[]>> payments(PaymentTask.Pay order) {
    return read(Topics.PAYMENTS.name())
        .filter(record -> order.orderId().toString().equals(text(record.key())));
  }

  /** Waits for an event of that type of an order, and returns the last one. */
  public static <T> T last(PaymentTask.Pay order, String type, Class<T> as) {
    await().atMost(Duration.ofSeconds(30)).until(() -> types(order).contains(type));
    return payments(order)
        .filter(record -> type.equals(Envelope.of(record.headers()).type()))
        .reduce((one, other) -> other)
        .map(record -> Json.read(record.value(), as))
        .orElseThrow();
  }

  public static void awaitTypes(PaymentTask.Pay order, String... types) {
    await().atMost(Duration.ofSeconds(30)).until(() -> types(order).equals(List.of(types)));
  }

  /** The records of a topic that were read so far; to be polled. */
  public static Stream<ConsumerRecord<byte[], byte[]>> read(String topic) {
    return Follower.RECORDS.stream().filter(record -> record.topic().equals(topic));
  }

  /**
   * Follows the topics of payment-service. It starts with the first access, when the topics exist.
   */
  private static final class Follower {
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
                  Topics.PAYMENT_PENDING,
                  Topics.PAYMENT_RECONCILIATION,
                  Topics.DEAD_LETTERS,
                  Topics.DEAD_LETTER_ACTIONS),
              RECORDS::add,
              _ -> {})
          .start();
    }
  }

  /** payment-service's committed offset in the partition of a record; -1 if there is none. */
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

  /** The ages of the reconciliation's passes in the order of their records. */
  public static List<String> reconciliationPasses() {
    return read(Topics.PAYMENT_RECONCILIATION.name()).map(record -> text(record.key())).toList();
  }

  /** The dead letters of a record. */
  public static List<DeadLetter> deadLetters(RecordMetadata record) {
    String id =
        "payment-service:" + record.topic() + ":" + record.partition() + ":" + record.offset();
    return read(Topics.DEAD_LETTERS.name())
        .filter(letter -> id.equals(text(letter.key())))
        .map(letter -> DeadLetter.read(letter.headers(), letter.value()))
        .toList();
  }

  public static DeadLetter awaitDeadLetter(RecordMetadata record) {
    await().atMost(Duration.ofSeconds(30)).until(() -> deadLetters(record).size() == 1);
    return deadLetters(record).getFirst();
  }

  public static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
