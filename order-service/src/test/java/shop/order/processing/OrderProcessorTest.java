package shop.order.processing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.deadletter.RedriveOutcome;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topic;
import shop.common.kafka.Topics;
import shop.common.testkit.Contracts;
import shop.order.CommandAnswer;
import shop.order.Deadline;
import shop.order.OrderCommand;
import shop.order.OrderEvent;
import shop.order.PaymentFact;
import shop.order.PlaceOrder;

class OrderProcessorTest {

  private static final Instant NOW = Instant.parse("2026-11-21T09:30:01Z");

  @TempDir Path state;
  private TopologyTestDriver driver;
  private TestOutputTopic<byte[], byte[]> orders;
  private TestOutputTopic<byte[], byte[]> deadLetters;
  private TestOutputTopic<byte[], byte[]> actions;

  @BeforeEach
  void start() {
    var config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, OrderTopology.GROUP);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    driver =
        new TopologyTestDriver(OrderTopology.build(Clock.fixed(NOW, ZoneOffset.UTC)), config, NOW);
    orders = output(Topics.ORDERS);
    deadLetters = output(Topics.DEAD_LETTERS);
    actions = output(Topics.DEAD_LETTER_ACTIONS);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void anOrderIsPlacedOnceAndNumberedFromOne() {
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);

    List<Envelope> events =
        orders.readRecordsToList().stream().map(r -> Envelope.of(r.headers())).toList();
    assertThat(events)
        .extracting(Envelope::type)
        .containsExactly(OrderEvent.Placed.TYPE, OrderEvent.Confirmed.TYPE);
    assertThat(events).extracting(Envelope::sequence).containsExactly(1L, 2L);
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void theEventsAreThoseOfTheContracts() {
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);

    for (var record : orders.readRecordsToList()) {
      String type = Envelope.of(record.headers()).type();
      assertThat(Json.MAPPER.readTree(record.value()))
          .isEqualTo(Contracts.sample(type).get("data"));
    }
  }

  @Test
  void aCommandThatWasAppendedAfterItsDeadlineCountsForNobody() {
    send(Topics.ORDER_COMMANDS, place(NOW), NOW.plusMillis(1));

    assertThat(orders.isEmpty()).isTrue();
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void bytesThatAreNoCommandBecomeADeadLetterAndOthersGoOn() {
    byte[] key = "7d0e6f0c-5f1b-5c3a-9a55-0d6a3c1c9b10".getBytes(UTF_8);
    send(Topics.ORDER_COMMANDS, new ProducerRecord<>("any", key, new byte[] {0, 1, 2}), NOW);
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);

    var letter = letter(deadLetters.readRecord());
    assertThat(letter.id()).isEqualTo("order-processor:order-commands:0:0");
    assertThat(letter.value()).containsExactly(0, 1, 2);
    assertThat(letter.key()).isEqualTo(key);
    assertThat(orders.readRecordsToList()).hasSize(1);
  }

  @Test
  void whatCannotBeTrueIsADeadLetter() {
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);

    var letter = letter(deadLetters.readRecord());
    assertThat(letter.cause().message()).contains("never placed");
    assertThat(letter.eventType()).isEqualTo(PaymentFact.Captured.TYPE);
  }

  @Test
  void aRedrivenFactIsOneMoreInputAndItsOutcomeIsReported() {
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);
    var letter = letter(deadLetters.readRecord());

    send(Topics.ORDER_REDRIVE, letter.redriven(1), NOW);
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.ORDER_REDRIVE, letter.redriven(2), NOW);

    assertThat(actions.readRecordsToList())
        .extracting(record -> Envelope.of(record.headers()).type())
        .containsExactly(RedriveOutcome.FAILED_AGAIN, RedriveOutcome.RESOLVED);
    assertThat(orders.readRecordsToList())
        .extracting(record -> Envelope.of(record.headers()).type())
        .containsExactly(OrderEvent.Placed.TYPE, OrderEvent.Confirmed.TYPE);
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void anOrderThatIsDiscardedEndsCancelled() {
    send(Topics.ORDER_COMMANDS, Contracts.record(PlaceOrder.TYPE), NOW);
    var letter = letter(deadLetters.readRecord());
    assertThat(letter.cause().message()).contains("deadline");

    send(Topics.ORDER_REDRIVE, discarded(letter, 1), NOW);
    send(Topics.ORDER_REDRIVE, discarded(letter, 1), NOW);

    var events = orders.readRecordsToList();
    assertThat(events)
        .extracting(record -> Envelope.of(record.headers()).type())
        .containsExactly(OrderEvent.Placed.TYPE, OrderEvent.CancelRequested.TYPE);
    assertThat(Redrive.isSettlement(events.getFirst().headers())).isTrue();
    assertThat(actions.readRecordsToList())
        .extracting(record -> Envelope.of(record.headers()).type())
        .containsExactly(RedriveOutcome.RESOLVED, RedriveOutcome.RESOLVED);
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void whatIsDiscardedChangesNoOrderThatWasPlaced() {
    send(Topics.ORDER_COMMANDS, Contracts.record(PlaceOrder.TYPE), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    for (var record : deadLetters.readRecordsToList()) {
      send(Topics.ORDER_REDRIVE, discarded(letter(record), 1), NOW);
    }

    assertThat(orders.readRecordsToList())
        .extracting(record -> Envelope.of(record.headers()).type())
        .containsExactly(OrderEvent.Placed.TYPE);
    assertThat(actions.readRecordsToList()).hasSize(2);
  }

  @Test
  void whatCannotBeReadAsAnOrderStaysAtTheDesk() {
    var garbage = Contracts.record(PlaceOrder.TYPE);
    send(
        Topics.ORDER_COMMANDS,
        new ProducerRecord<>("any", null, garbage.key(), new byte[] {'{'}, garbage.headers()),
        NOW);

    send(Topics.ORDER_REDRIVE, discarded(letter(deadLetters.readRecord()), 1), NOW);

    assertThat(orders.isEmpty()).isTrue();
    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(Envelope.of(actions.readRecord().headers()).type())
        .isEqualTo(RedriveOutcome.FAILED_AGAIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"refundId\":null,\"amount\":{\"amount\":5,\"currency\":\"EUR\"}}",
        "{\"refundId\":\"7d0e6f0c-5f1b-5c3a-9a55-0d6a3c1c9b10\",\"amount\":{\"amount\":5,\"currency\":\"USD\"}}"
      })
  void factsThatLackSomethingOrCannotBeTrueAreDeadLettersAndOthersGoOn(String data) {
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);
    send(Topics.PAYMENTS, with(fact(PaymentFact.Refunded.TYPE), data), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Refunded.TYPE), NOW);

    assertThat(deadLetters.readRecordsToList()).hasSize(1);
    assertThat(orders.readRecordsToList()).hasSize(3);
  }

  @Test
  void anOrderThatLacksSomethingIsADeadLetter() {
    send(Topics.ORDER_COMMANDS, with(place(NOW.plusSeconds(10)), "{}"), NOW);

    assertThat(letter(deadLetters.readRecord()).cause().message()).contains("needs customerId");
    assertThat(orders.isEmpty()).isTrue();
  }

  @Test
  void aCommandThatNobodyKnowsIsADeadLetter() {
    var record = place(NOW.plusSeconds(10));
    record.headers().remove("ce_type").add("ce_type", "shop.order.place.v2".getBytes(UTF_8));

    send(Topics.ORDER_COMMANDS, record, NOW);

    assertThat(letter(deadLetters.readRecord()).cause().message()).contains("shop.order.place.v2");
  }

  @Test
  void anOrderWithoutADeadlineIsPlacedWhenItIsSentBack() {
    send(Topics.ORDER_COMMANDS, Contracts.record(PlaceOrder.TYPE), NOW);

    send(Topics.ORDER_REDRIVE, letter(deadLetters.readRecord()).redriven(1), NOW);

    assertThat(Envelope.of(orders.readRecord().headers()).type()).isEqualTo(OrderEvent.Placed.TYPE);
    assertThat(Envelope.of(actions.readRecord().headers()).type())
        .isEqualTo(RedriveOutcome.RESOLVED);
  }

  @Test
  void aRedriveForAnotherGroupIsPassedBy() {
    var letter =
        new DeadLetter(
            "order-service",
            "order-view",
            "orders",
            0,
            "7",
            NOW,
            new Cause("x.Y", "no", "z", 1),
            new byte[] {1},
            new byte[] {2},
            new RecordHeaders());

    send(Topics.ORDER_REDRIVE, letter.redriven(1), NOW);

    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(actions.isEmpty()).isTrue();
  }

  @Test
  void anAcceptedCommandIsAnEventThatNamesItAndARepeatedOneIsAnswered() {
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.ORDER_COMMANDS, given(OrderCommand.Cancel.TYPE, "first"), NOW);
    send(Topics.ORDER_COMMANDS, given(OrderCommand.Cancel.TYPE, "second"), NOW);

    var records = orders.readRecordsToList();
    assertThat(records)
        .extracting(record -> Envelope.of(record.headers()).type())
        .containsExactly(
            OrderEvent.Placed.TYPE, OrderEvent.CancelRequested.TYPE, CommandAnswer.TYPE);
    String command = Contracts.sample(OrderCommand.Cancel.TYPE).get("id").asString();
    assertThat(records.get(1).headers().lastHeader(CommandAnswer.GIVEN).value())
        .isEqualTo("first".getBytes(UTF_8));
    assertThat(records.get(2).headers().lastHeader(CommandAnswer.GIVEN).value())
        .isEqualTo("second".getBytes(UTF_8));
    assertThat(Envelope.of(records.get(2).headers()).sequence()).isNull();
    assertThat(Json.read(records.get(2).value(), CommandAnswer.class))
        .isEqualTo(
            new CommandAnswer(
                command, OrderCommand.Cancel.TYPE, CommandAnswer.Outcome.REPEATED, null, null, 2L));
  }

  @Test
  void anIllegalCommandIsAnsweredAndTakesNoNumber() {
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.ORDER_COMMANDS, fact(OrderCommand.Deliver.TYPE), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);

    assertThat(orders.readRecordsToList())
        .extracting(record -> Envelope.of(record.headers()).sequence())
        .containsExactly(1L, null, 2L);
  }

  @Test
  void whatTheReconcilerRepeatsIsTakenAsIfItCameByPayments() {
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.ORDER_COMMANDS, fact(OrderCommand.Settle.TYPE), NOW);
    send(Topics.ORDER_COMMANDS, fact(OrderCommand.Settle.TYPE), NOW);

    assertThat(orders.readRecordsToList())
        .extracting(record -> Envelope.of(record.headers()).type())
        .containsExactly(OrderEvent.Placed.TYPE, OrderEvent.Confirmed.TYPE);
  }

  @Test
  void aStateThatWasWrittenBeforeRefundsExistedIsReadAsItWas() {
    var old =
        """
        {"status":"PLACED","sequence":1,"customerId":"2f1c1c56-54f8-5ac2-8f0b-6d0b7c1f4a11",
         "total":{"amount":2580,"currency":"EUR"},"placedAt":"2026-11-21T09:30:00.123Z"}\
        """;
    KeyValueStore<String, byte[]> states = driver.getKeyValueStore(OrderTopology.STATES);
    states.put("7d0e6f0c-5f1b-5c3a-9a55-0d6a3c1c9b10", old.getBytes(UTF_8));

    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);

    assertThat(Envelope.of(orders.readRecord().headers()).sequence()).isEqualTo(2);
  }

  private static ProducerRecord<byte[], byte[]> with(
      ProducerRecord<byte[], byte[]> record, String data) {
    return new ProducerRecord<>("any", null, record.key(), data.getBytes(UTF_8), record.headers());
  }

  private static ProducerRecord<byte[], byte[]> discarded(DeadLetter letter, int attempt) {
    var record = letter.redriven(attempt);
    Redrive.markSettlement(record.headers());
    return record;
  }

  private static ProducerRecord<byte[], byte[]> place(Instant deadline) {
    var record = Contracts.record(PlaceOrder.TYPE);
    new Deadline(deadline).mark(record.headers());
    return record;
  }

  private static ProducerRecord<byte[], byte[]> given(String type, String mark) {
    var record = Contracts.record(type);
    record.headers().add(CommandAnswer.GIVEN, mark.getBytes(UTF_8));
    return record;
  }

  private static ProducerRecord<byte[], byte[]> fact(String type) {
    return Contracts.record(type);
  }

  private void send(Topic topic, ProducerRecord<byte[], byte[]> record, Instant at) {
    TestInputTopic<byte[], byte[]> input =
        driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
    input.pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), at));
  }

  private TestOutputTopic<byte[], byte[]> output(Topic topic) {
    return driver.createOutputTopic(
        topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static DeadLetter letter(TestRecord<byte[], byte[]> record) {
    return DeadLetter.read(record.headers(), record.value());
  }
}
