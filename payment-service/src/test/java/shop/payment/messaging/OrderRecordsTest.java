package shop.payment.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.common.trace.TraceContext;
import shop.payment.PlacedOrder;

/** Which records are believed to say when an order was placed. */
class OrderRecordsTest {

  private static final UUID ORDER = UUID.randomUUID();
  private static final Instant EVENT = Instant.parse("2026-06-01T12:00:00Z");
  private static final Instant PLACED = EVENT.minus(Duration.ofHours(3));

  @Test
  void placingAndLaterEventsSayWhenTheOrderWasPlaced() {
    var placed = record(OrderRecords.PLACED, Map.of("createdAt", PLACED.toString()));
    var cancel = record(OrderRecords.CANCEL_REQUESTED, Map.of("placedAt", PLACED.toString()));

    assertThat(placedAt(placed)).hasValue(PLACED);
    assertThat(placedAt(cancel)).hasValue(PLACED);
  }

  @Test
  void aTimeAfterTheEventIsNotBelieved() {
    var late = EVENT.plus(Duration.ofDays(1)).toString();

    assertThat(placedAt(record(OrderRecords.CANCEL_REQUESTED, Map.of("placedAt", late))))
        .hasValue(EVENT);
  }

  @Test
  void aRedrivenMessageMayHaveBeenEdited() {
    var redriven = record(OrderRecords.PLACED, Map.of("createdAt", PLACED.toString()));
    new Redrive("entry", 1, PaymentWorker.GROUP, Topics.ORDERS.name()).mark(redriven.headers());
    var settled = record(OrderRecords.PLACED, Map.of("createdAt", PLACED.toString()));
    Redrive.markSettlement(settled.headers());

    assertThat(placedAt(redriven)).isEmpty();
    assertThat(placedAt(settled)).isEmpty();
  }

  @Test
  void anEventWithoutTheTimeSaysNothing() {
    assertThat(placedAt(record(OrderRecords.PLACED, Map.of()))).isEmpty();
  }

  @Test
  void aRetriedRecordSaysTheSame() {
    var retry =
        RetryableRecord.of(record(OrderRecords.PLACED, Map.of("createdAt", PLACED.toString())))
            .toRetryRecord();
    var polled =
        new ConsumerRecord<>(
            retry.topic(),
            0,
            7,
            EVENT.toEpochMilli(),
            TimestampType.CREATE_TIME,
            0,
            0,
            retry.key(),
            retry.value(),
            retry.headers(),
            Optional.empty());

    assertThat(placedAt(RetryableRecord.of(polled).original())).hasValue(PLACED);
  }

  private static Optional<Instant> placedAt(ConsumerRecord<byte[], byte[]> record) {
    return OrderRecords.placed(Envelope.of(record.headers()), record).map(PlacedOrder::placedAt);
  }

  private static ConsumerRecord<byte[], byte[]> record(String type, Map<String, Object> data) {
    var written =
        new Envelope(
                UUID.randomUUID().toString(),
                type,
                "order-service",
                ORDER.toString(),
                EVENT,
                1L,
                TraceContext.fresh())
            .record(Topics.ORDERS.name(), data);
    return new ConsumerRecord<>(
        written.topic(),
        0,
        0,
        EVENT.toEpochMilli(),
        TimestampType.CREATE_TIME,
        0,
        0,
        written.key(),
        written.value(),
        written.headers(),
        Optional.empty());
  }
}
