package shop.order.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.order.Deadline;
import shop.order.OrderServiceTest;
import shop.order.OrderTimings;

@OrderServiceTest
class BrokerClockTest {

  private static final Instant SENT = Instant.parse("2026-11-21T09:30:00Z");
  private static final Instant ACKNOWLEDGED = SENT.plusSeconds(8);

  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired OrderTimings timings;

  @Test
  void anAppendBetweenSendingAndAcknowledgementShowsNoDifference() {
    assertThat(BrokerClock.difference(SENT, SENT, ACKNOWLEDGED)).isZero();
    assertThat(BrokerClock.difference(SENT, SENT.plusSeconds(3), ACKNOWLEDGED)).isZero();
    assertThat(BrokerClock.difference(SENT, ACKNOWLEDGED, ACKNOWLEDGED)).isZero();
    assertThat(BrokerClock.difference(SENT, ACKNOWLEDGED.plusSeconds(2), ACKNOWLEDGED))
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(BrokerClock.difference(SENT, SENT.minusMillis(2001), ACKNOWLEDGED))
        .isEqualTo(Duration.ofSeconds(-2));
  }

  @Test
  void aBrokerThatIsAheadIsMeasuredAndExplained() {
    var clock = brokerClock(Duration.ofSeconds(-12));

    clock.append(kafka, adjustment());

    assertThat(clock.difference().toMillis()).isCloseTo(12_000, within(500L));
    assertThat(clock.explanation()).hasValueSatisfying(text -> assertThat(text).contains("ahead"));
  }

  @Test
  void aDifferenceThatIsToleratedNeedsNoExplanation() {
    var clock = brokerClock(Duration.ofSeconds(4));

    clock.append(kafka, adjustment());

    assertThat(clock.difference().toMillis()).isCloseTo(-4_000, within(500L));
    assertThat(clock.explanation()).isEmpty();
  }

  private BrokerClock brokerClock(Duration ahead) {
    return new BrokerClock(timings, Clock.offset(Clock.systemUTC(), ahead));
  }

  /** An adjustment that is late, and therefore ignored. */
  private static ProducerRecord<byte[], byte[]> adjustment() {
    var data = Map.of("sku", "MUG-BLUE", "delta", 1, "reason", "for a test");
    var record =
        Envelope.of("shop.stock.adjusted.v1", "test", "MUG-BLUE", Instant.now())
            .withId(UUID.randomUUID().toString())
            .record(Topics.CATALOG.name(), data);
    DeadlineHeader.write(record.headers(), new Deadline(SENT));
    return record;
  }
}
