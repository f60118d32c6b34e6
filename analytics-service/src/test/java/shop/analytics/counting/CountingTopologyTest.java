package shop.analytics.counting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.analytics.Figures;
import shop.analytics.OrderEvents;
import shop.analytics.OrdersTopic;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.deadletter.RedriveOutcome;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.common.money.Money;
import shop.common.testkit.Contracts;

class CountingTopologyTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant PLACED = Instant.parse("2026-11-21T09:30:59.900Z");

  @TempDir private Path folder;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> orders;
  private TestInputTopic<byte[], byte[]> redrives;
  private TestOutputTopic<String, byte[]> deadLetters;
  private TestOutputTopic<String, byte[]> actions;
  private TestOutputTopic<String, byte[]> figures;

  @BeforeEach
  void start() {
    var settings = new Properties();
    settings.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    driver =
        new TopologyTestDriver(
            CountingTopology.with(Clock.fixed(NOW, ZoneOffset.UTC)), settings, NOW);
    orders = input(Topics.ORDERS.name());
    redrives = input(Topics.ANALYTICS_REDRIVE.name());
    deadLetters = output(Topics.DEAD_LETTERS.name());
    actions = output(Topics.DEAD_LETTER_ACTIONS.name());
    figures = output(Topics.FIGURES.name());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void eachEventCountsInTheMinuteHourAndDayOfItsOwnTime() {
    pipe(placed("a", PLACED));
    pipe(confirmed("a", PLACED, PLACED.plusMillis(400)));
    pipe(placed("b", PLACED.plusSeconds(60)));

    var buckets = figuresByBucket();
    assertThat(buckets.get("minute/2026-11-21T09:30:00Z").placed()).isEqualTo(1);
    assertThat(buckets.get("minute/2026-11-21T09:30:00Z").confirmed()).isZero();
    assertThat(buckets.get("minute/2026-11-21T09:31:00Z").placed()).isEqualTo(1);
    assertThat(buckets.get("minute/2026-11-21T09:31:00Z").confirmed()).isEqualTo(1);
    assertThat(buckets.get("hour/2026-11-21T09:00:00Z").placed()).isEqualTo(2);
    var day = buckets.get("day/2026-11-21T00:00:00Z");
    assertThat(day.placed()).isEqualTo(2);
    assertThat(day.revenue()).isEqualTo(Map.of("EUR", 1999L));
    assertThat(day.timeToConfirmed().percentile(0.5).orElseThrow()).isBetween(382L, 418L);
  }

  @Test
  void anOldEventIsCounted() {
    pipe(placed("a", PLACED));
    pipe(placed("b", Instant.parse("2019-01-01T00:00:00Z")));
    pipe(placed("c", Instant.parse("1969-12-31T23:59:59Z")));

    assertThat(figuresByBucket())
        .containsKeys("day/2019-01-01T00:00:00Z", "minute/1969-12-31T23:59:00Z");
  }

  @Test
  void bytesThatAreNoEventBecomeADeadLetterAndTheNextIsCounted() {
    byte[] poison = {(byte) 0xff, 0, (byte) 0xfe};
    var headers = new RecordHeaders().add("x", new byte[] {1, (byte) 0x80});
    orders.pipeInput(new TestRecord<>(new byte[] {9}, poison, headers, NOW));
    pipe(placed("a", PLACED));

    var record = deadLetters.readRecord();
    var letter = DeadLetter.read(record.headers(), record.value());
    assertThat(record.key()).isEqualTo("analytics-service:orders:0:0").isEqualTo(letter.id());
    assertThat(letter.value()).isEqualTo(poison);
    assertThat(letter.key()).isEqualTo(new byte[] {9});
    assertThat(letter.headers().lastHeader("x").value()).isEqualTo(new byte[] {1, (byte) 0x80});
    assertThat(letter.service()).isEqualTo("analytics-service");
    assertThat(letter.failedAt()).isEqualTo(NOW);
    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(figuresByBucket().get("day/2026-11-21T00:00:00Z").placed()).isEqualTo(1);
  }

  @Test
  void eventsWithoutSequenceOwnKeyOrReadableDataBecomeDeadLetters() {
    var noSequence = placed("a", PLACED);
    noSequence.headers().remove("ce_sequence");
    pipe(noSequence);
    var otherKey = placed("a", PLACED);
    orders.pipeInput(new TestRecord<>("b".getBytes(UTF_8), otherKey.value(), otherKey.headers()));
    orders.pipeInput(new TestRecord<>(null, otherKey.value(), otherKey.headers()));
    orders.pipeInput(new TestRecord<>("a".getBytes(UTF_8), null, placed("a", PLACED).headers()));
    var broken = placed("a", PLACED);
    orders.pipeInput(new TestRecord<>(broken.key(), "{".getBytes(UTF_8), broken.headers()));

    assertThat(deadLetters.readRecordsToList()).hasSize(5);
    assertThat(figuresByBucket()).isEmpty();
  }

  @Test
  void aReadableEventWithAnExtremeTimeBecomesADeadLetterAndTheNextIsCounted() {
    pipe(placed("a", Instant.parse("+1000000000-12-31T23:59:59Z")));
    pipe(confirmed("a", Instant.MIN, PLACED));
    pipe(placed("b", PLACED));

    assertThat(deadLetters.readRecordsToList()).hasSize(2);
    assertThat(figuresByBucket().get("day/2026-11-21T00:00:00Z").placed()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop.order.command-answered.v1",
        "shop.order.withheld.v1",
        "shop.order.withheld-ended.v1"
      })
  void aRecordOfATypeWithoutSequenceIsSkipped(String type) {
    pipe(OrdersTopic.unnumbered(type, "a", PLACED));
    pipe(placed("a", PLACED));

    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(figuresByBucket().get("day/2026-11-21T00:00:00Z").placed()).isEqualTo(1);
  }

  @Test
  void refundsCountInTheirOwnTimeAndTheOrderWithTheLastRefund() {
    var total = new Money(1999, "EUR");
    pipe(OrdersTopic.refunded("a", PLACED, 3, 999, 999, total));
    pipe(OrdersTopic.refunded("a", PLACED.plusSeconds(60), 4, 1000, 1999, total));
    pipe(Contracts.record(OrderEvents.CANCELLED));

    var buckets = figuresByBucket();
    assertThat(buckets.get("minute/2026-11-21T09:30:00Z").refunded()).isZero();
    assertThat(buckets.get("minute/2026-11-21T09:31:00Z").refunded()).isEqualTo(1);
    var day = buckets.get("day/2026-11-21T00:00:00Z");
    assertThat(day.refunds()).isEqualTo(Map.of("EUR", 1999L));
    assertThat(day.cancelled()).isEqualTo(1);
  }

  @Test
  void aRedrivenEventIsCountedOnceEvenIfDeliveredTwice() {
    var event = placed("a", PLACED);
    pipe(redrives, event, 1, "analytics-service");
    pipe(redrives, event, 1, "analytics-service");

    assertThat(figuresByBucket().get("day/2026-11-21T00:00:00Z").placed()).isEqualTo(1);
    var outcomes = actions.readRecordsToList();
    assertThat(outcomes)
        .extracting(outcome -> Envelope.of(outcome.headers()).type())
        .containsExactly(RedriveOutcome.RESOLVED, RedriveOutcome.RESOLVED);
    assertThat(outcomes)
        .extracting(outcome -> Envelope.of(outcome.headers()).id())
        .containsOnly("analytics-service:orders:3:7/1");
    assertThat(outcomes).extracting(TestRecord::key).containsOnly("analytics-service:orders:3:7");
  }

  @Test
  void aRedrivenEventThatFailsAgainIsReportedAndCountsAfterItIsFixed() {
    var broken = placed("a", PLACED);
    redrives.pipeInput(
        new TestRecord<>(
            broken.key(), "{".getBytes(UTF_8), redriveHeaders(broken, 1, "analytics-service")));
    pipe(redrives, placed("a", PLACED), 2, "analytics-service");

    assertThat(actions.readRecordsToList())
        .extracting(outcome -> Envelope.of(outcome.headers()).type())
        .containsExactly(RedriveOutcome.FAILED_AGAIN, RedriveOutcome.RESOLVED);
    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(figuresByBucket().get("day/2026-11-21T00:00:00Z").placed()).isEqualTo(1);
  }

  @Test
  void aRedriveForAnotherGroupIsSkipped() {
    pipe(redrives, placed("a", PLACED), 1, "analytics-products");

    assertThat(actions.isEmpty()).isTrue();
    assertThat(figuresByBucket()).isEmpty();
  }

  @Test
  void aRecordOnTheRedriveTopicWithoutRedriveHeadersBecomesADeadLetter() {
    var event = placed("a", PLACED);
    redrives.pipeInput(new TestRecord<>(event.key(), event.value(), event.headers()));

    assertThat(deadLetters.readRecord().key())
        .startsWith("analytics-service:analytics-service.redrive:");
    assertThat(figuresByBucket()).isEmpty();
  }

  @Test
  void theContractsSamplesAreCounted() {
    for (String type :
        List.of(OrderEvents.PLACED, OrderEvents.CONFIRMED, OrderEvents.PAYMENT_FAILED)) {
      pipe(Contracts.record(type));
    }

    var day = figuresByBucket().get("day/2026-11-21T00:00:00Z");
    assertThat(List.of(day.placed(), day.confirmed(), day.failed())).containsExactly(1L, 1L, 1L);
  }

  private static ProducerRecord<byte[], byte[]> placed(String order, Instant at) {
    return OrdersTopic.event(
        OrderEvents.PLACED, order, at, 1, Map.of("total", new Money(1999, "EUR")));
  }

  private static ProducerRecord<byte[], byte[]> confirmed(
      String order, Instant placed, Instant at) {
    return OrdersTopic.event(
        OrderEvents.CONFIRMED,
        order,
        at,
        2,
        Map.of("total", new Money(1999, "EUR"), "placedAt", placed));
  }

  private void pipe(ProducerRecord<byte[], byte[]> event) {
    orders.pipeInput(new TestRecord<>(event.key(), event.value(), event.headers(), NOW));
  }

  private static void pipe(
      TestInputTopic<byte[], byte[]> topic,
      ProducerRecord<byte[], byte[]> event,
      int attempt,
      String group) {
    topic.pipeInput(
        new TestRecord<>(event.key(), event.value(), redriveHeaders(event, attempt, group)));
  }

  private static Headers redriveHeaders(
      ProducerRecord<byte[], byte[]> event, int attempt, String group) {
    var headers = new RecordHeaders(event.headers().toArray());
    new Redrive(group + ":orders:3:7", attempt, group, "orders").mark(headers);
    return headers;
  }

  private Map<String, Figures> figuresByBucket() {
    var buckets = new HashMap<String, Figures>();
    figures
        .readKeyValuesToMap()
        .forEach((key, value) -> buckets.put(key, Json.read(value, Figures.class)));
    return buckets;
  }

  private TestInputTopic<byte[], byte[]> input(String topic) {
    return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private TestOutputTopic<String, byte[]> output(String topic) {
    return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer());
  }
}
