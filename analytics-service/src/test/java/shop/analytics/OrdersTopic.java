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
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.common.testkit.Contracts;
import shop.common.testkit.TopicReader;
import shop.common.trace.TraceContext;
import shop.local.broker.Brokers;
import tools.jackson.databind.JsonNode;

/**
 * Appends order events to the topic {@code orders} and recounts it: figures must equal the recount.
 */
public final class OrdersTopic implements AutoCloseable {

  private static final List<String> CURRENCIES = List.of("EUR", "USD", "JPY");
  private static final String CANCEL_REQUESTED = "shop.order.cancel-requested.v1";
  private static final List<String> REASONS = List.of("insufficient_funds", "card_declined");

  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", Brokers.kafka()),
          new ByteArraySerializer(),
          new ByteArraySerializer());

  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  /** The figures of one bucket, as recounted by the test. */
  public record Recount(
      long placed,
      long confirmed,
      long failed,
      long cancelled,
      long refunded,
      Map<String, Long> revenue,
      Map<String, Long> refunds,
      long timed) {
    static final Recount NONE = new Recount(0, 0, 0, 0, 0, Map.of(), Map.of(), 0);

    public static Recount of(Figures figures) {
      return new Recount(
          figures.placed(),
          figures.confirmed(),
          figures.failed(),
          figures.cancelled(),
          figures.refunded(),
          Map.copyOf(figures.revenue()),
          Map.copyOf(figures.refunds()),
          figures.timeToConfirmed().count());
    }
  }

  /**
   * The events of a random order that is placed within three days of an instant, with a random
   * result.
   */
  public static List<ProducerRecord<byte[], byte[]>> order(Instant first, RandomGenerator random) {
    String id = new UUID(random.nextLong(), random.nextLong()).toString();
    Instant placed = first.plusMillis(random.nextLong(Duration.ofDays(3).toMillis()));
    Instant settled = placed.plusMillis(random.nextLong(1, 5000));
    var total = new Money(random.nextLong(100, 100_000), CURRENCIES.get(random.nextInt(3)));
    var start = event(OrderEvents.PLACED, id, placed, 1, Map.of("total", total));
    var confirmed =
        event(OrderEvents.CONFIRMED, id, settled, 2, Map.of("total", total, "placedAt", placed));
    Instant later = settled.plusMillis(random.nextLong(Duration.ofHours(30).toMillis()));
    return switch (random.nextInt(10)) {
      case 0 -> List.of(start);
      case 1, 2 -> {
        String reason = REASONS.get(random.nextInt(2));
        yield List.of(
            start, event(OrderEvents.PAYMENT_FAILED, id, settled, 2, Map.of("reason", reason)));
      }
      case 3 ->
          List.of(
              start,
              event(CANCEL_REQUESTED, id, settled, 2, Map.of("total", total)),
              event(OrderEvents.CANCELLED, id, later, 3, Map.of("total", total)));
      case 4 -> {
        long part = random.nextLong(1, total.amount());
        yield List.of(
            start,
            confirmed,
            refunded(id, later, 3, part, part, total),
            commandAnswer(id, later),
            refunded(id, later.plusSeconds(90), 4, total.amount() - part, total.amount(), total));
      }
      case 5 ->
          List.of(start, confirmed, refunded(id, later, 3, 1, 1, total), commandAnswer(id, later));
      default -> List.of(start, confirmed);
    };
  }

  /** The response to a command: an event without a sequence number. */
  public static ProducerRecord<byte[], byte[]> commandAnswer(String order, Instant at) {
    return unnumbered("shop.order.command-answered.v1", order, at);
  }

  /** A record of a type that has no sequence number. */
  public static ProducerRecord<byte[], byte[]> unnumbered(String type, String order, Instant at) {
    var sample = Contracts.record(type);
    return new Envelope(
            order + "/" + type, type, "order-service", order, at, null, TraceContext.fresh())
        .record(Topics.ORDERS.name(), Json.MAPPER.readTree(sample.value()));
  }

  public static ProducerRecord<byte[], byte[]> refunded(
      String order, Instant at, long sequence, long amount, long soFar, Money total) {
    return event(
        OrderEvents.REFUNDED,
        order,
        at,
        sequence,
        Map.of(
            "amount",
            new Money(amount, total.currency()),
            "refundedTotal",
            new Money(soFar, total.currency()),
            "total",
            total));
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

  /** Returns after Kafka has acknowledged all appended records. */
  public void flush() throws Exception {
    producer.flush();
    for (var acknowledgement : sent) {
      acknowledgement.get();
    }
    sent.clear();
  }

  /**
   * Counts the whole topic, independently of the service's code. The keys are those of {@link
   * Bucket#key()}.
   */
  public static Map<String, Recount> recount() {
    var counts = new TreeMap<String, Recount>();
    for (var record : TopicReader.all(Topics.ORDERS)) {
      if (record.headers().lastHeader(Envelope.SEQUENCE) == null) {
        continue;
      }
      var event = Envelope.of(record.headers());
      var data = Json.MAPPER.readTree(record.value());
      Recount one =
          switch (event.type()) {
            case OrderEvents.PLACED -> new Recount(1, 0, 0, 0, 0, Map.of(), Map.of(), 0);
            case OrderEvents.CONFIRMED ->
                new Recount(0, 1, 0, 0, 0, money(data.at("/total")), Map.of(), 1);
            case OrderEvents.PAYMENT_FAILED -> new Recount(0, 0, 1, 0, 0, Map.of(), Map.of(), 0);
            case OrderEvents.CANCELLED -> new Recount(0, 0, 0, 1, 0, Map.of(), Map.of(), 0);
            case OrderEvents.REFUNDED -> {
              long remaining =
                  data.at("/total/amount").asLong() - data.at("/refundedTotal/amount").asLong();
              yield new Recount(
                  0, 0, 0, 0, remaining == 0 ? 1 : 0, Map.of(), money(data.at("/amount")), 0);
            }
            default -> Recount.NONE;
          };
      if (one.equals(Recount.NONE)) {
        continue;
      }
      String time = event.time().toString();
      for (String key :
          List.of(
              "minute/" + time.substring(0, 16) + ":00Z",
              "hour/" + time.substring(0, 13) + ":00:00Z",
              "day/" + time.substring(0, 10) + "T00:00:00Z")) {
        counts.merge(key, one, OrdersTopic::sum);
      }
    }
    return counts;
  }

  private static Recount sum(Recount a, Recount b) {
    return new Recount(
        a.placed() + b.placed(),
        a.confirmed() + b.confirmed(),
        a.failed() + b.failed(),
        a.cancelled() + b.cancelled(),
        a.refunded() + b.refunded(),
        sum(a.revenue(), b.revenue()),
        sum(a.refunds(), b.refunds()),
        a.timed() + b.timed());
  }

  private static Map<String, Long> sum(Map<String, Long> a, Map<String, Long> b) {
    var sum = new TreeMap<>(a);
    b.forEach((currency, amount) -> sum.merge(currency, amount, Long::sum));
    return sum;
  }

  private static Map<String, Long> money(JsonNode money) {
    return Map.of(money.at("/currency").asString(), money.at("/amount").asLong());
  }

  @Override
  public void close() {
    producer.close();
  }
}
