package shop.bench.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the topic {@code orders} from its present end on, as committed, and remembers when each
 * order was first seen there and when it was settled.
 */
final class OrderLog implements AutoCloseable {

  static final String TOPIC = "orders";
  private static final String PLACED = "shop.order.placed.v1";
  private static final Set<String> SETTLED =
      Set.of(
          "shop.order.confirmed.v1",
          "shop.order.payment-failed.v1",
          "shop.order.cancelled.v1",
          "shop.order.refunded.v1");

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<UUID, Fate> fates = new ConcurrentHashMap<>();
  private final Map<Long, Integer> placedPerSecond = new ConcurrentSkipListMap<>();
  private final Map<Long, Integer> settledPerSecond = new ConcurrentSkipListMap<>();
  private final Thread reading;
  private volatile boolean open = true;
  private volatile @Nullable RuntimeException failure;

  /**
   * What the log says of one order.
   *
   * @param placed how many placed events, 1 if all is well
   * @param settled how many events that settle it, 1 if all is well
   * @param millisToPlaced from the request's time to the placed event being readable
   * @param millisToSettled from the request's time to the settling event being readable
   */
  record Fate(int placed, int settled, long millisToPlaced, long millisToSettled) {
    static final Fate UNKNOWN = new Fate(0, 0, 0, 0);

    boolean isInLog() {
      return placed > 0;
    }

    boolean isSettled() {
      return settled > 0;
    }

    boolean isOnce() {
      return placed == 1 && settled == 1;
    }
  }

  /** Where the platform's Kafka answers. */
  static String brokers(Map<String, String> environment) {
    return environment.getOrDefault("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:19092");
  }

  OrderLog(String bootstrapServers) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        IntStream.range(0, consumer.partitionsFor(TOPIC).size())
            .mapToObj(number -> new TopicPartition(TOPIC, number))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    reading = Thread.ofPlatform().name("orders").start(this::read);
  }

  /** The fate of an order; {@link Fate#UNKNOWN} if the log does not hold it. */
  Fate of(UUID order) {
    var failed = failure;
    if (failed != null) {
      throw new IllegalStateException("The log can no longer be read", failed);
    }
    return fates.getOrDefault(order, Fate.UNKNOWN);
  }

  /** Orders that became readable in each second of the epoch. */
  Map<Long, Integer> placedPerSecond() {
    return placedPerSecond;
  }

  /** Orders whose end became readable in each second of the epoch. */
  Map<Long, Integer> settledPerSecond() {
    return settledPerSecond;
  }

  private void read() {
    try {
      while (open) {
        var records = consumer.poll(Duration.ofMillis(200));
        Instant now = Instant.now();
        records.forEach(record -> take(record, now));
      }
    } catch (WakeupException e) {
      if (open) {
        failure = e;
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record, Instant now) {
    String type = new String(record.headers().lastHeader("ce_type").value(), UTF_8);
    if (type.equals(PLACED)) {
      long millis = millisBetween(record, "\"createdAt\":\"", now);
      change(record, fate -> new Fate(fate.placed + 1, fate.settled, millis, fate.millisToSettled));
      placedPerSecond.merge(now.getEpochSecond(), 1, Integer::sum);
    } else if (SETTLED.contains(type)) {
      long millis = millisBetween(record, "\"placedAt\":\"", now);
      change(record, fate -> new Fate(fate.placed, fate.settled + 1, fate.millisToPlaced, millis));
      settledPerSecond.merge(now.getEpochSecond(), 1, Integer::sum);
    }
  }

  private void change(
      ConsumerRecord<byte[], byte[]> record, java.util.function.UnaryOperator<Fate> change) {
    UUID order = UUID.fromString(new String(record.key(), UTF_8));
    fates.put(order, change.apply(fates.getOrDefault(order, Fate.UNKNOWN)));
  }

  /** From the time that a property of the event holds. */
  private static long millisBetween(
      ConsumerRecord<byte[], byte[]> record, String property, Instant now) {
    String data = new String(record.value(), UTF_8);
    int start = data.indexOf(property) + property.length();
    int end = data.indexOf('"', start);
    return Duration.between(Instant.parse(data.substring(start, end)), now).toMillis();
  }

  @Override
  public void close() {
    open = false;
    consumer.wakeup();
    try {
      reading.join();
      consumer.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
