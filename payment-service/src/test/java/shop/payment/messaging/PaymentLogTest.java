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

/** Waiting for what the follower of {@code payments} brings. */
class PaymentLogTest {

  private static final UUID ORDER = UUID.randomUUID();
  private static final PaymentEvent VOIDED = new PaymentEvent.Voided(UUID.randomUUID(), null);

  private final PaymentLog log =
      new PaymentLog(new FirstPlace(), null, Clock.systemUTC(), Duration.ofMinutes(1));

  @Test
  void whoGivesUpDoesNotTakeThePlaceFromOthersWhoWaitForIt() throws Exception {
    var impatient = new FutureTask<>(this::record);
    var patient = new FutureTask<>(this::record);
    var giving = Thread.ofPlatform().start(impatient);
    var waiting = Thread.ofPlatform().start(patient);
    await().until(() -> isWaiting(giving) && isWaiting(waiting));

    giving.interrupt();
    assertThat(impatient)
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(LogUnavailable.class);
    log.take(firstRecord());

    assertThat(patient)
        .succeedsWithin(Duration.ofSeconds(30))
        .extracting(Payment::orderId)
        .isEqualTo(ORDER);
  }

  private Payment record() {
    return log.record(ORDER, VOIDED);
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

  /** Says of every record that it lies in the same place. */
  private static final class FirstPlace extends KafkaTemplate<byte[], byte[]> {
    FirstPlace() {
      super(new DefaultKafkaProducerFactory<>(Map.of()));
    }

    @Override
    public CompletableFuture<SendResult<byte[], byte[]>> send(
        ProducerRecord<byte[], byte[]> record) {
      var place = new TopicPartition(Topics.PAYMENTS.name(), 0);
      return CompletableFuture.completedFuture(
          new SendResult<>(
              record,
              new RecordMetadata(place, 0, 0, 0, record.key().length, record.value().length)));
    }
  }
}
