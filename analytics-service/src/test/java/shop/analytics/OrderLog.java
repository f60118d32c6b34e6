package shop.analytics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topic;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.common.trace.TraceContext;
import shop.local.broker.Brokers;

/** The log of orders as tests write it, and its recount: the truth that figures must equal. */
public final class OrderLog implements AutoCloseable {

  private static final List<String> CURRENCIES = List.of("EUR", "USD", "JPY");
  private static final List<String> REASONS = List.of("insufficient_funds", "card_declined");

  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", Brokers.kafka()),
          new ByteArraySerializer(),
          new ByteArraySerializer());

  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  /** What was counted by hand, by {@link Bucket#key()}. */
  public record Recount(
      long placed, long confirmed, long failed, Map<String, Long> revenue, long timed) {
    static final Recount NONE = new Recount(0, 0, 0, Map.of(), 0);

    public static Recount of(Figures figures) {
      return new Recount(
          figures.placed(),
          figures.confirmed(),
          figures.failed(),
          Map.copyOf(figures.revenue()),
          figures.timeToConfirmed().count());
    }
  }

  /** The one or two events of an order somewhere in the days after a moment, of any ending. */
  public static List<ProducerRecord<byte[], byte[]>> order(Instant first, RandomGenerator random) {
    String id = new UUID(random.nextLong(), random.nextLong()).toString();
    Instant placed = first.plusMillis(random.nextLong(Duration.ofDays(3).toMillis()));
    Instant settled = placed.plusMillis(random.nextLong(1, 5000));
    var total = new Money(random.nextLong(100, 100_000), CURRENCIES.get(random.nextInt(3)));
    var start = event(OrderEvents.PLACED, id, placed, 1, Map.of("total", total));
    return switch (random.nextInt(10)) {
      case 0 -> List.of(start);
      case 1, 2 -> {
        String reason = REASONS.get(random.nextInt(2));
        yield List.of(
            start, event(OrderEvents.PAYMENT_FAILED, id, settled, 2, Map.of("reason", reason)));
      }
      default ->
          List.of(
              start,
              event(
                  OrderEvents.CONFIRMED,
                  id,
                  settled,
                  2,
                  Map.of("total", total, "placedAt", placed)));
    };
  }

  public static ProducerRecord<byte[], byte[]> event(
      String type, String order, Instant at, long sequence, Map<String, ?> data) {
    return new Envelope(
            order + "/" + sequence,
            type,
            "order-service",
            order,
            at,
            sequence,
            TraceContext.fresh())
        .record(Topics.ORDERS.name(), data);
  }

  public void append(ProducerRecord<byte[], byte[]> record) {
    sent.add(producer.send(record));
  }

  /** Returns when the broker has all that was appended. */
  public void flush() throws Exception {
    producer.flush();
    for (var acknowledgement : sent) {
      acknowledgement.get();
    }
    sent.clear();
  }

  /** Everything on a topic, as committed. */
  public static List<ConsumerRecord<byte[], byte[]>> all(Topic topic) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", Brokers.kafka(),
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      var partitions =
          IntStream.range(0, topic.partitions())
              .mapToObj(number -> new TopicPartition(topic.name(), number))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      var all = new ArrayList<ConsumerRecord<byte[], byte[]>>();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(all::add);
      }
      return all;
    }
  }

  /** Counts the log from its start to its end, by other code than the service's. */
  public static Map<String, Recount> recount() {
    var counts = new TreeMap<String, Recount>();
    for (var record : all(Topics.ORDERS)) {
      if (record.headers().lastHeader("ce_sequence") == null) {
        continue;
      }
      var event = Envelope.of(record.headers());
      var data = Json.MAPPER.readTree(record.value());
      Recount one =
          switch (event.type()) {
            case OrderEvents.PLACED -> new Recount(1, 0, 0, Map.of(), 0);
            case OrderEvents.CONFIRMED ->
                new Recount(
                    0,
                    1,
                    0,
                    Map.of(
                        data.at("/total/currency").asString(), data.at("/total/amount").asLong()),
                    1);
            case OrderEvents.PAYMENT_FAILED -> new Recount(0, 0, 1, Map.of(), 0);
            default -> Recount.NONE;
          };
      String time = event.time().toString();
      for (String key :
          List.of(
              "minute/" + time.substring(0, 16) + ":00Z",
              "hour/" + time.substring(0, 13) + ":00:00Z",
              "day/" + time.substring(0, 10) + "T00:00:00Z")) {
        counts.merge(key, one, OrderLog::sum);
      }
    }
    return counts;
  }

  private static Recount sum(Recount a, Recount b) {
    var revenue = new TreeMap<>(a.revenue());
    b.revenue().forEach((currency, amount) -> revenue.merge(currency, amount, Long::sum));
    return new Recount(
        a.placed() + b.placed(),
        a.confirmed() + b.confirmed(),
        a.failed() + b.failed(),
        revenue,
        a.timed() + b.timed());
  }

  @Override
  public void close() {
    producer.close();
  }
}
