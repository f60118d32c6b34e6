package shop.bench.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import shop.bench.platform.TopicTail;

/**
 * Reads the committed records of topic {@code orders} from its current end and records when each
 * order was placed and settled.
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

  private final Map<UUID, ObservedOrder> orders = new ConcurrentHashMap<>();
  private final Map<Long, Integer> placedPerSecond = new ConcurrentSkipListMap<>();
  private final Map<Long, Integer> settledPerSecond = new ConcurrentSkipListMap<>();
  private final TopicTail tail;

  /**
   * The events of one order in the log.
   *
   * @param placed number of placed events, expected 1
   * @param settled number of settling events, expected 1
   * @param millisToPlaced from the request's time to the placed event being readable
   * @param millisToSettled from the request's time to the settling event being readable
   */
  record ObservedOrder(int placed, int settled, long millisToPlaced, long millisToSettled) {
    static final ObservedOrder NONE = new ObservedOrder(0, 0, 0, 0);

    boolean isInLog() {
      return placed > 0;
    }

    boolean isSettled() {
      return settled > 0;
    }

    boolean isExactlyOnce() {
      return placed == 1 && settled == 1;
    }
  }

  /** The bootstrap servers of the platform's Kafka. */
  static String brokers(Map<String, String> environment) {
    return environment.getOrDefault("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:19092");
  }

  OrderLog(String bootstrapServers) {
    tail =
        new TopicTail(
            bootstrapServers, TOPIC, Map.of("isolation.level", "read_committed"), this::read);
  }

  /** The events of an order; {@link ObservedOrder#NONE} if the log does not contain it. */
  ObservedOrder of(UUID id) {
    tail.requireReading();
    return orders.getOrDefault(id, ObservedOrder.NONE);
  }

  /** Number of placed events read in each second of the epoch. */
  Map<Long, Integer> placedPerSecond() {
    return placedPerSecond;
  }

  /** Number of settling events read in each second of the epoch. */
  Map<Long, Integer> settledPerSecond() {
    return settledPerSecond;
  }

  private void read(ConsumerRecords<byte[], byte[]> records) {
    Instant now = Instant.now();
    records.forEach(record -> add(record, now));
  }

  private void add(ConsumerRecord<byte[], byte[]> record, Instant now) {
    String type = new String(record.headers().lastHeader("ce_type").value(), UTF_8);
    if (type.equals(PLACED)) {
      long millis = millisBetween(record, "\"createdAt\":\"", now);
      change(
          record,
          order ->
              new ObservedOrder(order.placed + 1, order.settled, millis, order.millisToSettled));
      placedPerSecond.merge(now.getEpochSecond(), 1, Integer::sum);
    } else if (SETTLED.contains(type)) {
      long millis = millisBetween(record, "\"placedAt\":\"", now);
      change(
          record,
          order ->
              new ObservedOrder(order.placed, order.settled + 1, order.millisToPlaced, millis));
      settledPerSecond.merge(now.getEpochSecond(), 1, Integer::sum);
    }
  }

  private void change(ConsumerRecord<byte[], byte[]> record, UnaryOperator<ObservedOrder> change) {
    UUID id = UUID.fromString(new String(record.key(), UTF_8));
    orders.put(id, change.apply(orders.getOrDefault(id, ObservedOrder.NONE)));
  }

  /** Milliseconds from the time in a property of the event. */
  private static long millisBetween(
      ConsumerRecord<byte[], byte[]> record, String property, Instant now) {
    String data = new String(record.value(), UTF_8);
    int start = data.indexOf(property) + property.length();
    int end = data.indexOf('"', start);
    return Duration.between(Instant.parse(data.substring(start, end)), now).toMillis();
  }

  @Override
  public void close() {
    tail.close();
  }
}
