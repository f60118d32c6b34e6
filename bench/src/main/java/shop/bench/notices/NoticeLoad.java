package shop.bench.notices;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import shop.bench.platform.ConstantRate;
import shop.bench.platform.EventHeaders;
import shop.bench.platform.TopicTail;

/**
 * Produces placed and confirmed orders and counts the notifications that were published for them.
 */
final class NoticeLoad implements AutoCloseable {

  private static final int CUSTOMERS = 32;

  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicLong published = new AtomicLong();
  private final TopicTail notifications;

  NoticeLoad(String bootstrapServers) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    notifications =
        new TopicTail(
            bootstrapServers,
            "notifications",
            Map.of("fetch.min.bytes", 1 << 16),
            records -> published.addAndGet(records.count()));
  }

  /** Registers the customers' accounts. */
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

  /** The number of notifications published so far. */
  long published() {
    return published.get();
  }

  /** Places and confirms orders at a constant rate and returns their number. */
  int steadily(int perSecond, int seconds) {
    var count = new AtomicInteger();
    ConstantRate.run(
        perSecond,
        seconds,
        () -> {
          var id = UUID.randomUUID().toString();
          var customer = customer(count.getAndIncrement() % CUSTOMERS);
          send("orders", "shop.order.placed.v1", id, 1, placed(customer));
          send("orders", "shop.order.confirmed.v1", id, 2, confirmed(customer));
        });
    return count.get();
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
    EventHeaders.add(record, type, "order-service", subject, Instant.now().toString(), sequence);
    var _ = producer.send(record);
  }

  @Override
  public void close() {
    notifications.close();
    producer.close();
  }
}
