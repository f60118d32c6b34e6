package shop.payment.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;
import shop.common.kafka.Topics;
import shop.payment.LogUnavailable;
import shop.payment.Payment;
import shop.payment.PaymentEvent;

/** Waits for records that the follower of {@code payments} passes on. */
class PaymentLogTest {

  private static final UUID ORDER =
      Stream.generate(UUID::randomUUID)
          .filter(id -> PaymentRecords.partition(id) == 0)
          .findFirst()
          .orElseThrow();
  private static final PaymentEvent VOIDED = new PaymentEvent.Voided(UUID.randomUUID(), null);

  private final RecentPayments recent =
      new RecentPayments(
          null,
          new RecentSettings(
              Duration.ofHours(2), 1200, Duration.ofMinutes(1), Duration.ofSeconds(10)),
          Clock.systemUTC());
  private final PaymentLog payments =
      new PaymentLog(
          recent, new FixedOffsetTemplate(), null, Clock.systemUTC(), Duration.ofMinutes(1));

  @Test
  void interruptedWaiterDoesNotRemoveTheFutureOfOthers() throws Exception {
    recent.partition(0).beginAtStart(0);
    var interrupted = new FutureTask<>(this::append);
    var waiter = new FutureTask<>(this::append);
    var interruptedThread = Thread.ofPlatform().start(interrupted);
    var waitingThread = Thread.ofPlatform().start(waiter);
    await().until(() -> isWaiting(interruptedThread) && isWaiting(waitingThread));

    interruptedThread.interrupt();
    assertThat(interrupted)
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(LogUnavailable.class);
    payments.onRecord(firstRecord());

    assertThat(waiter)
        .succeedsWithin(Duration.ofSeconds(30))
        .extracting(Payment::orderId)
        .isEqualTo(ORDER);
  }

  private Payment append() {
    return payments.append(ORDER, VOIDED);
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING;
  }

  private static ConsumerRecord<byte[], byte[]> firstRecord() {
    var written = PaymentRecords.write(ORDER, VOIDED, Instant.EPOCH);
    return new ConsumerRecord<>(
        written.topic(),
        0,
        0,
        0,
        TimestampType.CREATE_TIME,
        written.key().length,
        written.value().length,
        written.key(),
        written.value(),
        written.headers(),
        java.util.Optional.empty());
  }

  /** Acknowledges every record with offset 0 of partition 0. */
  private static final class FixedOffsetTemplate extends KafkaTemplate<byte[], byte[]> {
    FixedOffsetTemplate() {
      super(new DefaultKafkaProducerFactory<>(Map.of()));
    }

    @Override
    public CompletableFuture<SendResult<byte[], byte[]>> send(
        ProducerRecord<byte[], byte[]> record) {
      var partition = new TopicPartition(Topics.PAYMENTS.name(), 0);
      return CompletableFuture.completedFuture(
          new SendResult<>(
              record,
              new RecordMetadata(partition, 0, 0, 0, record.key().length, record.value().length)));
    }
  }
}
