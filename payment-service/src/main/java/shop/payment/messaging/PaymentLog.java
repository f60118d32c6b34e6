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
import shop.common.json.MalformedJson;
import shop.common.kafka.Acknowledged;
import shop.common.kafka.Acknowledged.NotAcknowledged;
import shop.common.kafka.LogEnds;
import shop.common.kafka.Topics;
import shop.payment.LogUnavailable;
import shop.payment.Payment;
import shop.payment.PaymentEvent;
import shop.payment.Payments;

/**
 * This instance's reading of {@code payments}, all partitions, from the first record on, in memory:
 * about 500 bytes an order. (A window of 48 h with older orders looked up in their partition is
 * what this grows into.) A follower brings the records to {@link #take}.
 */
final class PaymentLog implements Payments {

  private static final Logger log = LoggerFactory.getLogger(PaymentLog.class);

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final LogEnds ends;
  private final Clock clock;
  private final Duration timeout;
  private final Map<UUID, Payment> payments = new ConcurrentHashMap<>();
  private final AtomicLongArray readUpTo = new AtomicLongArray(Topics.PAYMENTS.partitions());
  private final Map<Place, CompletableFuture<Boolean>> awaited = new ConcurrentHashMap<>();

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

  @Override
  public Payment record(UUID orderId, PaymentEvent event) {
    try {
      var record = PaymentRecords.write(orderId, event, clock.instant());
      var place = Acknowledged.append(kafka, record);
      await(new Place(place.partition(), place.offset()));
    } catch (NotAcknowledged | ExecutionException | TimeoutException e) {
      throw new LogUnavailable("An event of payments was not acknowledged and read back", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailable("Interrupted while writing an event of payments", e);
    }
    return requireNonNull(payments.get(orderId), "What was read back is known");
  }

  private void readToEnd() {
    try {
      for (var end : ends.query(timeout).entrySet()) {
        if (end.getValue() > 0) {
          await(new Place(end.getKey().partition(), end.getValue() - 1));
        }
      }
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new LogUnavailable("The log of payments was not read to its end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailable("Interrupted while reading the log of payments", e);
    }
  }

  private void await(Place place)
      throws InterruptedException, ExecutionException, TimeoutException {
    var read = awaited.computeIfAbsent(place, _ -> new CompletableFuture<>());
    if (readUpTo.get(place.partition()) > place.offset()) {
      arrived(place);
    }
    read.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Several may wait for the same place: none of them may take it from the others. */
  private void arrived(Place place) {
    var waiting = awaited.remove(place);
    if (waiting != null) {
      waiting.complete(true);
    }
  }

  /** One more record of the log, in the order of its partition. */
  void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      apply(record);
    } catch (MalformedEvent | MalformedJson | IllegalArgumentException e) {
      // Every reader of the topic with a group dead-letters it; here it tells nothing.
      log.error(
          "{}-{}@{} is no payment event", record.topic(), record.partition(), record.offset(), e);
    }
    readUpTo.set(record.partition(), record.offset() + 1);
    arrived(new Place(record.partition(), record.offset()));
  }

  private void apply(ConsumerRecord<byte[], byte[]> record) {
    var envelope = Envelope.of(record.headers());
    byte @Nullable [] value = record.value();
    if (value == null) {
      throw new MalformedEvent("It has no data");
    }
    var orderId = UUID.fromString(envelope.subject());
    PaymentRecords.read(envelope, value)
        .ifPresent(event ->
            payments.compute(
                orderId, (_, before) -> Payment.after(before, orderId, event, envelope.time())));
  }

  private record Place(int partition, long offset) {}
}
