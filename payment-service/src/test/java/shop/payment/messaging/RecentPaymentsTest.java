package shop.payment.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.payment.HistoryUnavailable;
import shop.payment.LoggedEvent;
import shop.payment.Payment;
import shop.payment.PaymentEvent;
import shop.payment.PaymentHistory;
import shop.payment.PlacedOrder;

/** What memory and PostgreSQL say together, for every place where one ends and the other begins. */
class RecentPaymentsTest {

  private static final UUID ORDER = UUID.fromString("7d0e6f0c-5f1b-5c3a-9a55-0d6a3c1c9b10");
  private static final UUID CUSTOMER = UUID.randomUUID();
  private static final int PARTITION = PaymentRecords.partition(ORDER);
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final Duration MARGIN = Duration.ofMinutes(1);
  private static final Money AMOUNT = new Money(100, "EUR");

  private final List<LoggedEvent> events = new ArrayList<>();
  private long archived;
  private boolean away;

  private final RecentPayments recent =
      new RecentPayments(
          new PaymentHistory() {
            @Override
            public Stored find(UUID orderId, int partition) {
              if (away) {
                throw new HistoryUnavailable("of this test", null);
              }
              return new Stored(fold(below(archived)), archived);
            }

            @Override
            public Map<Integer, Long> positions() {
              if (away) {
                throw new HistoryUnavailable("of this test", null);
              }
              return Map.of(PARTITION, archived);
            }
          },
          new RecentSettings(Duration.ofHours(2), 1200, MARGIN, Duration.ofSeconds(10)),
          Clock.fixed(NOW, ZoneOffset.UTC));

  @Property(tries = 300)
  void memoryAndPostgresqlTogetherGiveWhatTheWholeLogGives(
      @ForAll @Size(max = 12) List<@IntRange(max = 9) Integer> kinds,
      @ForAll @IntRange(max = 12) int begin,
      @ForAll @IntRange(max = 12) int position) {
    events.clear();
    kinds.forEach(kind -> append(event(kind), NOW.minus(Duration.ofHours(3))));
    var memory = recent.partition(PARTITION);
    memory.beginAt(begin, NOW);
    events.stream().filter(event -> event.offset() >= begin).forEach(recent::add);
    archived = position;

    if (position < begin) {
      assertThatThrownBy(() -> recent.find(ORDER)).isInstanceOf(HistoryUnavailable.class);
    } else {
      assertThat(recent.find(ORDER)).isEqualTo(Optional.ofNullable(fold(events)));
    }
    memory.release(Long.MAX_VALUE, Instant.MAX);
  }

  @Test
  void anOrderThatWasPlacedAfterTheBeginningNeedsNoPostgresql() {
    away = true;
    recent.partition(PARTITION).beginAt(5, NOW);
    events.addAll(List.of(logged(5, event(0), NOW)));
    events.forEach(recent::add);

    var placed = new PlacedOrder(ORDER, NOW.plus(MARGIN));
    var payment = ScopedValue.where(PlacedOrder.CURRENT, placed).call(() -> recent.find(ORDER));

    assertThat(payment).isEqualTo(Optional.ofNullable(fold(events)));
  }

  @Test
  void anOrderThatWasPlacedWithinTheClockMarginNeedsPostgresql() {
    away = true;
    recent.partition(PARTITION).beginAt(5, NOW);
    var placed = new PlacedOrder(ORDER, NOW.plus(MARGIN).minusMillis(1));

    assertThatThrownBy(
            () -> ScopedValue.where(PlacedOrder.CURRENT, placed).call(() -> recent.find(ORDER)))
        .isInstanceOf(HistoryUnavailable.class);
  }

  @Test
  void theAgeOfAnotherOrderSaysNothing() {
    away = true;
    recent.partition(PARTITION).beginAt(5, NOW);
    var placed = new PlacedOrder(UUID.randomUUID(), NOW.plus(Duration.ofDays(1)));

    assertThatThrownBy(
            () -> ScopedValue.where(PlacedOrder.CURRENT, placed).call(() -> recent.find(ORDER)))
        .isInstanceOf(HistoryUnavailable.class);
  }

  @Test
  void anEventThatHasLeftIsNotTakenForOneThatDoesNotExist() {
    recent.partition(PARTITION).beginAtStart(0);
    append(event(0), NOW.minus(Duration.ofHours(3)));
    events.forEach(recent::add);
    archived = 1;
    recent.release();
    assertThat(recent.size()).isZero();

    assertThat(recent.find(ORDER)).isEqualTo(Optional.ofNullable(fold(events)));
    var placed = new PlacedOrder(ORDER, NOW.minus(Duration.ofHours(3)));
    away = true;
    assertThatThrownBy(
            () -> ScopedValue.where(PlacedOrder.CURRENT, placed).call(() -> recent.find(ORDER)))
        .isInstanceOf(HistoryUnavailable.class);
  }

  @Test
  void onlyWhatIsOldAndInPostgresqlLeaves() {
    recent.partition(PARTITION).beginAtStart(0);
    append(event(0), NOW.minus(Duration.ofHours(3)));
    append(event(1), NOW.minus(Duration.ofHours(3)));
    append(event(2), NOW.minus(Duration.ofHours(1)));
    events.forEach(recent::add);

    archived = 1;
    recent.release();
    assertThat(recent.size()).isEqualTo(2);

    archived = 3;
    recent.release();
    assertThat(recent.size()).isEqualTo(1);
    assertThat(recent.droppedEarly()).isZero();
  }

  @Test
  void memoryIsBoundedAlsoWhilePostgresqlIsAway() {
    away = true;
    recent.partition(PARTITION).beginAtStart(0);
    IntStream.range(0, 150).forEach(_ -> append(event(0), NOW));

    events.forEach(recent::add);
    recent.release();

    assertThat(recent.size()).isEqualTo(100);
    assertThat(recent.droppedEarly()).isEqualTo(50);
    assertThatThrownBy(() -> recent.find(ORDER)).isInstanceOf(HistoryUnavailable.class);
  }

  @Test
  void nothingIsKnownBeforeTheBeginning() {
    archived = 10;

    assertThatThrownBy(() -> recent.find(ORDER)).isInstanceOf(HistoryUnavailable.class);
  }

  @Test
  void memoryBeginsAtTheHorizonWherePostgresqlIsAhead() {
    archived = 950;

    assertThat(beginning(0, 900, 1000)).isEqualTo(900);
  }

  @Test
  void memoryBeginsAtThePositionOfPostgresqlWhereThatIsBehind() {
    archived = 910;

    assertThat(beginning(0, 950, 1000)).isEqualTo(910);
    assertThat(recent.find(ORDER)).isEmpty();
  }

  @Test
  void memoryDoesNotReadMoreThanItHasRoomFor() {
    archived = 0;

    assertThat(beginning(0, 950, 1000)).isEqualTo(950);
    assertThatThrownBy(() -> recent.find(ORDER)).isInstanceOf(HistoryUnavailable.class);
  }

  @Test
  void memoryBeginsAtTheHorizonWhilePostgresqlIsAway() {
    away = true;

    assertThat(beginning(0, 950, 1000)).isEqualTo(950);
    assertThatThrownBy(() -> recent.find(ORDER)).isInstanceOf(HistoryUnavailable.class);
  }

  @Test
  void aLogThatIsYoungerThanTheHorizonNeedsNoPostgresql() {
    away = true;

    assertThat(beginning(0, 0, 1000)).isZero();
    assertThat(recent.find(ORDER)).isEmpty();
  }

  /** Where memory begins in the order's partition. */
  private long beginning(long start, long horizon, long end) {
    var partition = new TopicPartition(Topics.PAYMENTS.name(), PARTITION);
    var consumer =
        new MockConsumer<byte[], byte[]>("none") {
          @Override
          public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
              Map<TopicPartition, Long> times) {
            assertThat(times)
                .containsEntry(partition, NOW.minus(Duration.ofHours(2)).toEpochMilli());
            return Map.of(partition, new OffsetAndTimestamp(horizon, 0));
          }
        };
    consumer.assign(List.of(partition));
    consumer.updateBeginningOffsets(Map.of(partition, start));
    consumer.updateEndOffsets(Map.of(partition, end));
    recent.seek(consumer, List.of(partition));
    return consumer.position(partition);
  }

  private void append(PaymentEvent event, Instant createdAt) {
    events.add(logged(events.size(), event, createdAt));
  }

  private static LoggedEvent logged(long offset, PaymentEvent event, Instant createdAt) {
    return new LoggedEvent(ORDER, PARTITION, offset, createdAt, event, NOW.plusSeconds(offset));
  }

  private List<LoggedEvent> below(long offset) {
    return events.stream().filter(event -> event.offset() < offset).toList();
  }

  private static Payment fold(List<LoggedEvent> events) {
    Payment payment = null;
    for (var event : events) {
      payment = event.applyTo(payment);
    }
    return payment;
  }

  private static PaymentEvent event(int kind) {
    var refund = new UUID(1, kind % 2);
    return switch (kind) {
      case 0, 1 -> new PaymentEvent.Started(CUSTOMER, "pi_" + kind, 1, AMOUNT);
      case 2 -> new PaymentEvent.Captured(CUSTOMER, "pi_0", AMOUNT);
      case 3 -> new PaymentEvent.Declined(CUSTOMER, "pi_1", AMOUNT, "no");
      case 4 -> new PaymentEvent.Voided(CUSTOMER, null);
      case 5, 6 ->
          new PaymentEvent.RefundStarted(CUSTOMER, "pi_0", refund, 1, new Money(40, "EUR"));
      case 7, 8 -> new PaymentEvent.Refunded(CUSTOMER, "pi_0", refund, "re", new Money(40, "EUR"));
      default -> new PaymentEvent.RefundFailed(CUSTOMER, "pi_0", refund, AMOUNT, "closed");
    };
  }
}
