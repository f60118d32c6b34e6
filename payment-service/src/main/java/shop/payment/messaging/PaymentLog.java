package shop.payment.messaging;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.kafka.Acknowledged;
import shop.common.kafka.Acknowledged.NotAcknowledged;
import shop.common.kafka.LogEnds;
import shop.common.kafka.Topics;
import shop.payment.LogUnavailable;
import shop.payment.Payment;
import shop.payment.PaymentEvent;
import shop.payment.Payments;

/**
 * This instance's view of topic {@code payments}, all partitions: what is recent in memory, what is
 * older in PostgreSQL. A follower begins at {@link #seek} and passes each record to {@link
 * #onRecord}. Why no order is charged twice: docs/decisions/0052-payments-in-postgresql.md.
 */
final class PaymentLog implements Payments {

  private static final Logger log = LoggerFactory.getLogger(PaymentLog.class);

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final LogEnds ends;
  private final Clock clock;
  private final Duration timeout;
  private final AtomicLong refundsFailedLater = new AtomicLong();
  private final RecentPayments recent;
  private final AtomicLongArray readUpTo = new AtomicLongArray(Topics.PAYMENTS.partitions());
  private final Map<Position, CompletableFuture<Boolean>> awaited = new ConcurrentHashMap<>();

  PaymentLog(
      RecentPayments recent,
      KafkaTemplate<byte[], byte[]> kafka,
      LogEnds ends,
      Clock clock,
      Duration timeout) {
    this.recent = recent;
    this.kafka = kafka;
    this.ends = ends;
    this.clock = clock;
    this.timeout = timeout;
  }

  @Override
  public Optional<Payment> find(UUID orderId) {
    return recent.find(orderId);
  }

  @Override
  public Optional<Payment> current(UUID orderId) {
    readToEnd();
    return find(orderId);
  }

  @Override
  public Payment append(UUID orderId, PaymentEvent event) {
    try {
      var record = PaymentRecords.write(orderId, event, clock.instant());
      var appended = Acknowledged.append(kafka, record);
      await(new Position(appended.partition(), appended.offset()));
      if (event instanceof PaymentEvent.RefundFailedLater) {
        refundsFailedLater.incrementAndGet();
      }
    } catch (NotAcknowledged | ExecutionException | TimeoutException e) {
      throw new LogUnavailable("A payment event was not acknowledged or not read back", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailable("Interrupted while writing a payment event", e);
    }
    return recent
        .find(orderId)
        .orElseThrow(() ->
            new IllegalStateException("The log lacks the payment of an event that was read back"));
  }

  /** How many refunds this instance has logged as failed after they had succeeded. */
  long refundsFailedLater() {
    return refundsFailedLater.get();
  }

  private void readToEnd() {
    try {
      for (var end : ends.query(timeout).entrySet()) {
        if (end.getValue() > 0) {
          await(new Position(end.getKey().partition(), end.getValue() - 1));
        }
      }
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new LogUnavailable("The log of payments was not read to its end offsets", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailable("Interrupted while reading the log of payments", e);
    }
  }

  private void await(Position position)
      throws InterruptedException, ExecutionException, TimeoutException {
    var read = awaited.computeIfAbsent(position, _ -> new CompletableFuture<>());
    if (readUpTo.get(position.partition()) > position.offset()) {
      completeWaiters(position);
    }
    read.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Completes the future that all threads waiting for this position share. */
  private void completeWaiters(Position position) {
    var waiting = awaited.remove(position);
    if (waiting != null) {
      waiting.complete(true);
    }
  }

  /** Seeks the beginning of what is kept in memory. */
  void seek(Consumer<byte[], byte[]> reader, Collection<TopicPartition> partitions) {
    recent.seek(reader, partitions);
    for (var partition : partitions) {
      long begin = reader.position(partition);
      readUpTo.set(partition.partition(), begin);
      awaited.keySet().stream()
          .filter(position -> position.partition() == partition.partition())
          .filter(position -> position.offset() < begin)
          .forEach(this::completeWaiters);
    }
  }

  /** Applies the next record of a partition. */
  void onRecord(ConsumerRecord<byte[], byte[]> record) {
    try {
      PaymentRecords.read(record).ifPresent(recent::add);
    } catch (RuntimeException e) {
      // The consumer groups of this topic dead-letter such a record; here it is skipped.
      log.error(
          "Skipping {}-{}@{}: it is not a payment event",
          record.topic(),
          record.partition(),
          record.offset(),
          e);
    }
    readUpTo.set(record.partition(), record.offset() + 1);
    completeWaiters(new Position(record.partition(), record.offset()));
  }

  private record Position(int partition, long offset) {}
}
