package shop.bench.desk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What services gave up on, ten seconds apart; every tenth entry was discarded. */
final class DeadLetters {

  static final List<String> SERVICES =
      List.of("payment-service", "order-service", "notification-service", "analytics-service");
  static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final int SECONDS_APART = 10;
  private static final int DISCARDED = 10;

  private final String bootstrapServers;
  private final Random random = new Random(42);

  DeadLetters(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /** The time before which so many entries failed that were not discarded. */
  static Instant before(int waiting) {
    int entries = 1 + waiting + (waiting - 1) / (DISCARDED - 1);
    return FIRST.plusSeconds((long) entries * SECONDS_APART);
  }

  /** Appends so many; the orders that they are about. */
  List<String> append(int count) {
    var orders = new ArrayList<String>();
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        var order = new UUID(random.nextLong(), random.nextLong()).toString();
        orders.add(order);
        var letter = letter(i, order);
        var _ = producer.send(letter);
        if (i % DISCARDED == 0) {
          var _ = producer.send(discarded(letter.key(), i));
        }
      }
    }
    return orders;
  }

  private ProducerRecord<byte[], byte[]> letter(int number, String order) {
    String service = SERVICES.get(number % SERVICES.size());
    String group = number % 3 == 0 ? service : service + "-view";
    String topic = number % 5 == 0 ? "order-commands" : "payments";
    int partition = number % 12;
    var at = FIRST.plusSeconds((long) number * SECONDS_APART).toString();
    var record =
        new ProducerRecord<>(
            "dead-letters",
            (group + ":" + topic + ":" + partition + ":" + number).getBytes(UTF_8),
            body(number, at).getBytes(UTF_8));
    event("shop.order.placed.v1", "order-service", order, at)
        .forEach((name, value) -> add(record, name, value));
    Map.of(
            "service",
            service,
            "group",
            group,
            "topic",
            topic,
            "partition",
            Integer.toString(partition),
            "position",
            Integer.toString(number),
            "failed_at",
            at,
            "exception",
            "java.lang.IllegalStateException",
            "message",
            "case " + number % 50,
            "place",
            "shop.x.Y.z:" + number % 20,
            "key",
            Base64.getEncoder().encodeToString(order.getBytes(UTF_8)))
        .forEach((name, value) -> add(record, "dl_" + name, value));
    add(record, "dl_attempts", "3");
    return record;
  }

  private String body(int number, String at) {
    return """
    {"customerId":"%s","idempotencyKey":"%s",\
    "fingerprint":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",\
    "items":[{"sku":"MUG-WHITE","name":"White mug","quantity":2,\
    "unitPrice":{"amount":1290,"currency":"EUR"},"lineTotal":{"amount":2580,"currency":"EUR"}}],\
    "total":{"amount":2580,"currency":"EUR"},"paymentMethod":"pm_card_visa",\
    "shippingAddress":{"name":"Customer %s","line1":"1 Sample Street","city":"Berlin",\
    "postalCode":"10115","country":"DE"},"createdAt":"%s"}\
    """
        .formatted(
            new UUID(random.nextLong(), random.nextLong()),
            new UUID(random.nextLong(), random.nextLong()),
            Integer.toString(number, 36),
            at);
  }

  private static ProducerRecord<byte[], byte[]> discarded(byte[] entry, int number) {
    var data =
        "{\"version\":1,\"by\":\"%s\",\"reason\":\"out of date\"}"
            .formatted(new UUID(0, number % 7));
    var record = new ProducerRecord<>("dead-letter-actions", entry, data.getBytes(UTF_8));
    event(
            "shop.dead-letter.discarded.v1",
            "operations-service",
            new String(entry, UTF_8),
            Instant.now().toString())
        .forEach((name, value) -> add(record, name, value));
    return record;
  }

  private static Map<String, String> event(String type, String source, String subject, String at) {
    var trace = UUID.randomUUID().toString().replace("-", "");
    return Map.of(
        "ce_specversion",
        "1.0",
        "ce_id",
        UUID.randomUUID().toString(),
        "ce_type",
        type,
        "ce_source",
        source,
        "ce_subject",
        subject,
        "ce_time",
        at,
        "ce_sequence",
        "1",
        "content-type",
        "application/json",
        "traceparent",
        "00-" + trace + "-" + trace.substring(16) + "-01");
  }

  private static void add(ProducerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(UTF_8));
  }

  /** When each committed redrive was written, in milliseconds, sorted. */
  long[] redrives() {
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          SERVICES.stream()
              .flatMap(service -> consumer.partitionsFor(service + ".redrive").stream())
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      var times = Stream.<Long>builder();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> times.add(record.timestamp()));
      }
      return times.build().mapToLong(Long::longValue).sorted().toArray();
    }
  }
}
