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
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import shop.bench.platform.EventHeaders;
import shop.bench.platform.Topics;

/** Generated dead letters at even intervals; every tenth entry is discarded. */
public final class DeadLetters {

  static final List<String> SERVICES =
      List.of("payment-service", "order-service", "notification-service", "analytics-service");
  static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration APART = Duration.ofSeconds(10);
  private static final int DISCARDED_EVERY = 10;

  private final String bootstrapServers;
  private final Instant first;
  private final Duration apart;
  private final Random random = new Random(42);

  DeadLetters(String bootstrapServers) {
    this(bootstrapServers, FIRST, APART);
  }

  /**
   * Dead letters of a Kafka.
   *
   * @param first when the first message failed
   * @param apart the time from each message to the next one
   */
  public DeadLetters(String bootstrapServers, Instant first, Duration apart) {
    this.bootstrapServers = bootstrapServers;
    this.first = first;
    this.apart = apart;
  }

  /** The time before which {@code open} entries failed that are not discarded. */
  static Instant before(int open) {
    int entries = 1 + open + (open - 1) / (DISCARDED_EVERY - 1);
    return FIRST.plus(APART.multipliedBy(entries));
  }

  /** Produces dead letters and returns the ids of their orders. */
  public List<String> append(int count) {
    var orders = new ArrayList<String>();
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        var order = new UUID(random.nextLong(), random.nextLong()).toString();
        orders.add(order);
        var deadLetter = deadLetter(i, order);
        var _ = producer.send(deadLetter);
        if (i % DISCARDED_EVERY == 0) {
          var _ = producer.send(discarded(deadLetter.key(), i));
        }
      }
    }
    return orders;
  }

  private ProducerRecord<byte[], byte[]> deadLetter(int number, String order) {
    String service = SERVICES.get(number % SERVICES.size());
    String group = number % 3 == 0 ? service : service + "-view";
    String topic = number % 5 == 0 ? "order-commands" : "payments";
    int partition = number % 12;
    var at = first.plus(apart.multipliedBy(number)).toString();
    var record =
        new ProducerRecord<>(
            "dead-letters",
            (group + ":" + topic + ":" + partition + ":" + number).getBytes(UTF_8),
            body(number, at).getBytes(UTF_8));
    EventHeaders.add(record, "shop.order.placed.v1", "order-service", order, at, 1);
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
        .forEach((name, value) -> EventHeaders.add(record, "dl_" + name, value));
    EventHeaders.add(record, "dl_attempts", "3");
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
    EventHeaders.add(
        record,
        "shop.dead-letter.discarded.v1",
        "operations-service",
        new String(entry, UTF_8),
        Instant.now().toString(),
        1);
    return record;
  }

  /** The sorted timestamps of all committed redrives, in milliseconds. */
  long[] redrives() {
    var topics = SERVICES.stream().map(service -> service + ".redrive").toList();
    var times = LongStream.builder();
    Topics.read(bootstrapServers, topics, record -> times.add(record.timestamp()));
    return times.build().sorted().toArray();
  }
}
