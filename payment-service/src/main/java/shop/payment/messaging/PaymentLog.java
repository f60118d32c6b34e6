package shop.payment.messaging;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
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
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.kafka.Acknowledged;
import shop.common.kafka.Acknowledged.NotAcknowledged;
import shop.common.kafka.LogEnds;
import shop.common.kafka.Topics;
import shop.payment.LogUnavailable;
import shop.payment.Payment;
import shop.payment.PaymentEvent;
import shop.payment.Payments;

/**
 * This instance's view of topic {@code payments}, all partitions from the first record on, in
 * memory: {@link #BYTES_PER_PAYMENT} an order. (If that grows too large: keep 48 h, and look up
 * older orders in their partition.) A follower passes each record to {@link #onRecord}.
 */
final class PaymentLog implements Payments {

  /**
   * Measured: 381 for a paid order in 64-bit HotSpot; a refund adds 200, and one in three has one.
   */
  private static final long BYTES_PER_PAYMENT = 450;

  private static final Logger log = LoggerFactory.getLogger(PaymentLog.class);

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final LogEnds ends;
  private final Clock clock;
  private final Duration timeout;
  private final AtomicLong refundsFailedLater = new AtomicLong();
  private final Map<UUID, Payment> payments = new ConcurrentHashMap<>();
  private final AtomicLongArray readUpTo = new AtomicLongArray(Topics.PAYMENTS.partitions());
  private final Map<Position, CompletableFuture<Boolean>> awaited = new ConcurrentHashMap<>();

  PaymentLog(KafkaTemplate<byte[], byte[]> kafka, LogEnds ends, Clock clock, Duration timeout) {
    this.kafka = kafka;
    this.ends = ends;
    this.clock = clock;
    this.timeout = timeout;
  }

  @Override
  public Optional<Payment> find(UUID orderId) {
    return Optional.ofNullable(payments.get(orderId));
  }

  @Override
  public Optional<Payment> current(UUID orderId) {
    readToEnd();
    return find(orderId);
  }

  @Override
  public Stream<Payment> all() {
    readToEnd();
    return payments.values().stream();
  }

  /** How many payments are in memory. */
  int size() {
    return payments.size();
  }

  /**
   * How many payments half of the heap holds; the other half is for work in progress and for the
   * garbage collector.
   */
  static long capacity() {
    return Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_PAYMENT;
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
    return requireNonNull(
        payments.get(orderId), "The log has the payment of an event that was read back");
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

  /** Applies the next record of a partition. */
  void onRecord(ConsumerRecord<byte[], byte[]> record) {
    try {
      apply(record);
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

  private void apply(ConsumerRecord<byte[], byte[]> record) {
    var envelope = Envelope.of(record.headers());
    byte @Nullable [] value = record.value();
    if (value == null) {
      throw new MalformedEvent("The record has no data");
    }
    var orderId = UUID.fromString(envelope.subject());
    PaymentRecords.read(envelope, value)
        .ifPresent(event ->
            payments.compute(
                orderId, (_, before) -> Payment.apply(before, orderId, event, envelope.time())));
  }

  private record Position(int partition, long offset) {}
}
