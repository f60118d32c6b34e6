package shop.order.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.money.Money;
import shop.order.Deadline;
import shop.order.OrderId;
import shop.order.OrderLine;
import shop.order.OrderServiceTest;
import shop.order.OrderTimings;
import shop.order.PlaceOrder;
import shop.order.SerializedOrder;
import shop.order.ShippingAddress;
import shop.order.kafka.BrokerClock;

@OrderServiceTest
class CommandLogTest {

  @Autowired KafkaTemplate<byte[], byte[]> kafka;
  @Autowired OrderTimings timings;

  @Test
  void anOrderThatIsLateBecauseClocksDifferIsRefusedWithTheDifference() {
    assertThatExceptionOfType(OutcomeUnknown.class)
        .isThrownBy(() -> append(Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-20))))
        .satisfies(late ->
            assertThat(late.clockExplanation())
                .hasValueSatisfying(text ->
                    assertThat(text)
                        .matches(
                            "The clock of Kafka is (19|20)\\.\\d s ahead of that of order-service;"
                                + " at most 5\\.0 s are tolerated")));
  }

  @Test
  void anOrderIsInTimeThoughClocksDifferByTheToleratedTime() {
    append(Clock.offset(Clock.systemUTC(), timings.maxClockSkew().negated()));
    append(Clock.offset(Clock.systemUTC(), timings.maxClockSkew()));
  }

  @Test
  void aDeadlineThatTheProducerCouldMissIsRefusedAtTheStart() {
    var hasty =
        new OrderTimings(
            Duration.ofSeconds(15),
            timings.lease(),
            timings.hold(),
            timings.answerTtl(),
            timings.resultTimeout(),
            timings.maxClockSkew());
    assertThatThrownBy(
            () -> new CommandLog(kafka, new BrokerClock(hasty, Clock.systemUTC()), hasty))
        .hasMessageContaining("shop.placement.deadline (PT15S) must be longer than");
  }

  /** Appends a command as an instance with another clock does. */
  private void append(Clock clock) {
    var log = new CommandLog(kafka, new BrokerClock(timings, clock), timings);
    Instant start = clock.instant();
    log.append(
        new OrderId(UUID.randomUUID()),
        order(start),
        start,
        new Deadline(start.plus(timings.deadline())));
  }

  private static SerializedOrder order(Instant at) {
    var price = new Money(100, "EUR");
    return SerializedOrder.of(
        new PlaceOrder(
            UUID.randomUUID(),
            "a-key-of-a-stranger",
            "fingerprint",
            List.of(OrderLine.of("MUG-BLUE", "Mug", 1, price)),
            price,
            "pm_card_visa",
            new ShippingAddress("Ada Example", "1 Sample Street", "Berlin", "10115", "DE"),
            at));
  }
}
