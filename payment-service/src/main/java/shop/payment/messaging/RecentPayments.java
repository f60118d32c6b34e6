package shop.payment.messaging;

import static java.util.stream.Collectors.toMap;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import shop.common.kafka.Topics;
import shop.payment.HistoryUnavailable;
import shop.payment.LoggedEvent;
import shop.payment.Payment;
import shop.payment.PaymentHistory;
import shop.payment.PlacedOrder;

/**
 * The recent part of the log in memory, in front of PostgreSQL, which has the older part. A payment
 * is folded from memory alone if memory has all of its events: because it has the whole partition,
 * or because the order was placed after everything that memory lacks. Otherwise it is PostgreSQL's
 * payment and the events from PostgreSQL's position on, provided that memory has all of these.
 */
final class RecentPayments {

  private static final Logger log = LoggerFactory.getLogger(RecentPayments.class);

  private final PaymentHistory history;
  private final RecentSettings settings;
  private final Clock clock;
  private final int capacity;
  private final List<RecentPartition> partitions;
  private long reportedEarly;

  RecentPayments(PaymentHistory history, RecentSettings settings, Clock clock) {
    this.history = history;
    this.settings = settings;
    this.clock = clock;
    this.capacity = settings.maxEvents() / Topics.PAYMENTS.partitions();
    this.partitions =
        Stream.generate(() -> new RecentPartition(capacity, settings.clockMargin()))
            .limit(Topics.PAYMENTS.partitions())
            .toList();
  }

  RecentPartition partition(int number) {
    return partitions.get(number);
  }

  /**
   * Seeks where memory begins: at the horizon, or before it where PostgreSQL is further behind and
   * memory has room for what it lacks.
   */
  void seek(Consumer<byte[], byte[]> reader, Collection<TopicPartition> topicPartitions) {
    Instant horizon = clock.instant().minus(settings.horizon());
    Map<TopicPartition, Long> starts = reader.beginningOffsets(topicPartitions);
    Map<TopicPartition, Long> ends = reader.endOffsets(topicPartitions);
    Map<TopicPartition, OffsetAndTimestamp> atHorizon =
        reader.offsetsForTimes(
            topicPartitions.stream()
                .collect(toMap(partition -> partition, _ -> horizon.toEpochMilli())));
    Map<Integer, Long> archived = archived();
    for (var partition : topicPartitions) {
      long start = starts.getOrDefault(partition, 0L);
      long end = ends.getOrDefault(partition, Long.MAX_VALUE);
      @Nullable OffsetAndTimestamp found = atHorizon.get(partition);
      long begin = found == null ? end : found.offset();
      long next = archived.getOrDefault(partition.partition(), start);
      if (next < begin && end - next <= capacity) {
        begin = Math.max(next, start);
      }
      if (begin <= start) {
        partition(partition.partition()).beginAtStart(start);
      } else {
        partition(partition.partition()).beginAt(begin, horizon);
      }
      reader.seek(partition, begin);
    }
  }

  /** PostgreSQL's positions; unknown ones are taken for the end of the log. */
  private Map<Integer, Long> archived() {
    try {
      return history.positions();
    } catch (HistoryUnavailable e) {
      log.warn(
          "PostgreSQL does not respond: older orders wait for it, those placed within {} do not",
          settings.horizon());
      return IntStream.range(0, partitions.size())
          .boxed()
          .collect(toMap(number -> number, _ -> Long.MAX_VALUE));
    }
  }

  void add(LoggedEvent event) {
    partition(event.partition()).add(event);
  }

  /** Lets go what is older than the horizon and in PostgreSQL. */
  @Scheduled(fixedDelayString = "${shop.payment.recent.release-interval}")
  void release() {
    try {
      Instant horizon = clock.instant().minus(settings.horizon());
      history.positions().forEach((number, next) -> partition(number).release(next, horizon));
    } catch (HistoryUnavailable e) {
      log.debug("PostgreSQL does not respond: old events stay in memory", e);
    }
    long early = droppedEarly();
    if (early > reportedEarly) {
      log.warn(
          "{} payment events have left memory before PostgreSQL was seen to have them, because there"
              + " were more than shop.payment.recent.max-events ({}). Orders that need them wait"
              + " until PostgreSQL has them",
          early,
          settings.maxEvents());
      reportedEarly = early;
    }
  }

  /**
   * The payment of an order as of the records read so far; empty if it was neither started nor
   * voided.
   *
   * @throws HistoryUnavailable if PostgreSQL is needed, and is away or behind
   */
  Optional<Payment> find(UUID orderId) {
    int number = PaymentRecords.partition(orderId);
    var all = partition(number).all(orderId, placedAt(orderId));
    if (all.isPresent()) {
      return fold(null, all.get());
    }
    // Read before memory, whose beginning only moves forward.
    var stored = history.find(orderId, number);
    return partition(number)
        .from(stored.next(), orderId)
        .map(events -> fold(stored.payment(), events))
        .orElseThrow(() ->
            new HistoryUnavailable(
                "PostgreSQL has partition %d of the log of payments up to offset %d, memory from %d on"
                    .formatted(number, stored.next(), partition(number).begin()),
                null));
  }

  private static @Nullable Instant placedAt(UUID orderId) {
    return PlacedOrder.CURRENT.isBound() && PlacedOrder.CURRENT.get().orderId().equals(orderId)
        ? PlacedOrder.CURRENT.get().placedAt()
        : null;
  }

  private static Optional<Payment> fold(@Nullable Payment before, List<LoggedEvent> events) {
    @Nullable Payment payment = before;
    for (var event : events) {
      payment = event.applyTo(payment);
    }
    return Optional.ofNullable(payment);
  }

  int size() {
    return partitions.stream().mapToInt(RecentPartition::size).sum();
  }

  int maxEvents() {
    return settings.maxEvents();
  }

  long droppedEarly() {
    return partitions.stream().mapToLong(RecentPartition::droppedEarly).sum();
  }
}
