package shop.payment.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import shop.common.deadletter.Redrive;
import shop.common.testkit.Contracts;

class RetryableRecordTest {

  private static final Instant DUE = Instant.parse("2026-11-21T09:30:00.123Z");
  private static final Backoff INTERVALS =
      new Backoff(Duration.ofMinutes(1), Duration.ofHours(1), new Random(1));

  @Test
  void retryRestoresTheOriginalUnchanged() {
    var placed = polled(Contracts.record("shop.order.placed.v1"), "orders", 4, 17);
    var first = RetryableRecord.of(placed);
    assertThat(first.attempt()).isEqualTo(1);

    var retry = first.afterFailure().afterUncounted().withDueAt(DUE).toRetryRecord();
    var second = RetryableRecord.of(polled(retry, retry.topic(), 2, 99));

    assertThat(second.attempt()).isEqualTo(3);
    assertThat(second.failures()).isEqualTo(1);
    assertThat(second.dueAt()).isEqualTo(DUE);
    var original = second.original();
    assertThat(original.topic()).isEqualTo("orders");
    assertThat(original.partition()).isEqualTo(4);
    assertThat(original.offset()).isEqualTo(17);
    assertThat(original.key()).isEqualTo(placed.key());
    assertThat(original.value()).isEqualTo(placed.value());
    assertThat(original.headers()).isEqualTo(placed.headers());
  }

  @Test
  void retryKeepsTheTimestampOfTheOriginal() {
    var sent = Contracts.record("shop.order.placed.v1");
    var discarded = polled(sent, "payment-service.redrive", 0, 0, DUE.toEpochMilli());

    var retry = RetryableRecord.of(discarded).afterUncounted().toRetryRecord();
    var later = DUE.plusSeconds(60).toEpochMilli();
    var again =
        RetryableRecord.of(polled(retry, retry.topic(), 2, 99, later))
            .afterUncounted()
            .toRetryRecord();

    assertThat(
            RetryableRecord.of(polled(again, again.topic(), 2, 100, later)).original().timestamp())
        .isEqualTo(DUE.toEpochMilli());
  }

  @Test
  void pendingResultsWaitInATopicOfTheirOwnAndTheirPollsAreCounted() {
    var placed = polled(Contracts.record("shop.order.placed.v1"), "orders", 4, 17);
    var pending =
        RetryableRecord.of(placed).afterFailure().afterPoll(DUE, INTERVALS).toPendingRecord();
    assertThat(pending.topic()).isEqualTo("payment-service.pending");

    var again = RetryableRecord.of(polled(pending, pending.topic(), 2, 99));
    var third = again.afterPoll(DUE.plusSeconds(60), INTERVALS);

    assertThat(third.polls()).isEqualTo(2);
    assertThat(third.pendingSince()).isEqualTo(DUE);
    assertThat(third.failures()).isEqualTo(1);
    assertThat(third.original().headers()).isEqualTo(placed.headers());
  }

  @Test
  void pollsOfAPendingResultBecomeRarer() {
    var record =
        RetryableRecord.of(polled(Contracts.record("shop.order.placed.v1"), "orders", 4, 17));
    var waits = new ArrayList<Duration>();
    for (int i = 0; i < 4; i++) {
      record = record.afterPoll(DUE, INTERVALS);
      waits.add(Duration.between(DUE, record.dueAt()));
    }

    // Each is between half of its interval and all of it: 1, 2, 4 and 8 minutes.
    for (int i = 0; i < waits.size(); i++) {
      var interval = Duration.ofMinutes(1L << i);
      assertThat(waits.get(i)).isBetween(interval.dividedBy(2), interval);
    }
  }

  @Test
  void attemptsOfARedriveAreCountedFromOne() {
    var record = Contracts.record("shop.order.placed.v1");
    new Redrive("entry", 2, "payment-service", "orders").mark(record.headers());

    var first = RetryableRecord.of(polled(record, "payment-service.redrive", 0, 0));

    assertThat(first.attemptOfThisRedrive()).isEqualTo(1);
    assertThat(first.afterUncounted().attemptOfThisRedrive()).isEqualTo(2);
  }

  @Test
  void redriveNumbersItsAttemptsAboveEarlierOnes() {
    var record = Contracts.record("shop.order.placed.v1");
    new Redrive("entry", 2, "payment-service", "orders").mark(record.headers());

    assertThat(RetryableRecord.of(polled(record, "payment-service.redrive", 0, 0)).attempt())
        .isEqualTo(2001);
  }

  @Test
  void recordWithoutRetryHeadersOnTheRetryTopicIsAFirstAttempt() {
    var record = polled(Contracts.record("shop.order.placed.v1"), "payment-service.retries", 0, 5);

    var first = RetryableRecord.of(record);

    assertThat(first.original()).isSameAs(record);
    assertThat(first.failures()).isZero();
  }

  @Test
  void aDueTimeThatNoAttemptCanHaveIsWaitedForADayAtMost() {
    var extreme =
        RetryableRecord.of(polled(Contracts.record("shop.order.placed.v1"), "orders", 0, 0))
            .withDueAt(Instant.ofEpochMilli(Long.MAX_VALUE))
            .toRetryRecord();

    var record = RetryableRecord.of(polled(extreme, extreme.topic(), 2, 99));

    assertThat(record.waitFrom(DUE)).isEqualTo(Duration.ofDays(1));
    assertThat(record.withDueAt(DUE.plusSeconds(60)).waitFrom(DUE)).hasSeconds(60);
    assertThat(record.withDueAt(Instant.ofEpochMilli(Long.MIN_VALUE)).waitFrom(DUE)).isNegative();
  }

  private static ConsumerRecord<byte[], byte[]> polled(
      ProducerRecord<byte[], byte[]> sent, String topic, int partition, long offset) {
    return polled(sent, topic, partition, offset, ConsumerRecord.NO_TIMESTAMP);
  }

  private static ConsumerRecord<byte[], byte[]> polled(
      ProducerRecord<byte[], byte[]> sent, String topic, int partition, long offset, long time) {
    var record =
        new ConsumerRecord<>(
            topic,
            partition,
            offset,
            time,
            TimestampType.CREATE_TIME,
            ConsumerRecord.NULL_SIZE,
            ConsumerRecord.NULL_SIZE,
            sent.key(),
            sent.value(),
            new RecordHeaders(),
            Optional.empty());
    sent.headers().forEach(record.headers()::add);
    return record;
  }
}
