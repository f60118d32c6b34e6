package shop.order.processing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.deadletter.RedriveOutcome;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.common.testkit.Contracts;
import shop.order.ConsumerGroups;
import shop.order.OrderCommand;
import shop.order.OrderEvent;
import shop.order.PaymentFact;
import shop.order.PlaceOrder;

/** Records that the processor cannot process, and their redrives. */
class OrderProcessorDeadLettersTest extends ProcessorTest {

  @Test
  void malformedBytesBecomeADeadLetterAndProcessingContinues() {
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
  void aFactThatContradictsTheOrderBecomesADeadLetter() {
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);

    var letter = letter(deadLetters.readRecord());
    assertThat(letter.cause().message()).contains("never placed");
    assertThat(letter.eventType()).isEqualTo(PaymentFact.Captured.TYPE);
  }

  @Test
  void contradictoryFactsThatTheReconcilerRepeatsBecomeOneDeadLetter() {
    // given a cancelled order for which payment-service reports more refunds than it charged
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    var settle = Contracts.record(OrderCommand.Settle.TYPE);
    var facts =
        """
        {"facts":[
          {"type":"shop.payment.refunded.v1","data":{
            "refundId":"7d0e6f0c-5f1b-5c3a-9a55-0d6a3c1c9b10","amount":{"amount":5,"currency":"EUR"}}},
          {"type":"shop.payment.captured.v1","data":{"paymentIntentId":"pi_1"}}]}\
        """;

    // when two instances repeat that
    for (int i = 0; i < 4; i++) {
      send(Topics.ORDER_COMMANDS, with(settle, facts), NOW);
    }

    // then there is one dead letter, the other fact counts, and a redrive is tried
    var letters = deadLetters.readRecordsToList();
    assertThat(letters).hasSize(1);
    assertThat(orders.readRecordsToList())
        .extracting(record -> Envelope.of(record.headers()).type())
        .containsExactly(OrderEvent.Placed.TYPE, OrderEvent.Confirmed.TYPE);
    send(Topics.ORDER_REDRIVE, letter(letters.getFirst()).redriven(1), NOW);
    assertThat(Envelope.of(actions.readRecord().headers()).type())
        .isEqualTo(RedriveOutcome.RESOLVED);
  }

  @Test
  void aRedrivenFactIsProcessedAndItsResultIsReported() {
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
  void aDiscardedOrderIsPlacedAndCancelled() {
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
  void discardingACommandDoesNotChangeAnOrderThatWasPlaced() {
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
  void discardingAnUnreadableOrderFailsAgain() {
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
  void incompleteOrImpossibleFactsBecomeDeadLettersAndProcessingContinues(String data) {
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);
    send(Topics.PAYMENTS, with(fact(PaymentFact.Refunded.TYPE), data), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Refunded.TYPE), NOW);

    assertThat(deadLetters.readRecordsToList()).hasSize(1);
    assertThat(orders.readRecordsToList()).hasSize(3);
  }

  @Test
  void anIncompleteOrderBecomesADeadLetter() {
    send(Topics.ORDER_COMMANDS, with(place(NOW.plusSeconds(10)), "{}"), NOW);

    assertThat(letter(deadLetters.readRecord()).cause().message())
        .contains("customerId of PlaceOrder is missing");
    assertThat(orders.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"+1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z"})
  void aReadableOrderWithAnExtremeTimeBecomesADeadLetterAndTheNextIsPlaced(String time) {
    var place = place(NOW.plusSeconds(10));
    var extreme =
        new String(place.value(), UTF_8)
            .replaceFirst("\"createdAt\":\"[^\"]*\"", "\"createdAt\":\"" + time + "\"");

    send(Topics.ORDER_COMMANDS, with(place, extreme), NOW);
    send(Topics.ORDER_COMMANDS, place(NOW.plusSeconds(10)), NOW);

    assertThat(deadLetters.readRecordsToList()).hasSize(1);
    assertThat(orders.readRecordsToList()).hasSize(1);
  }

  @Test
  void anUnknownCommandBecomesADeadLetter() {
    var record = place(NOW.plusSeconds(10));
    record.headers().remove("ce_type").add("ce_type", "shop.order.place.v2".getBytes(UTF_8));

    send(Topics.ORDER_COMMANDS, record, NOW);

    assertThat(letter(deadLetters.readRecord()).cause().message()).contains("shop.order.place.v2");
  }

  @Test
  void anOrderWithoutADeadlineIsPlacedWhenItIsRedriven() {
    send(Topics.ORDER_COMMANDS, Contracts.record(PlaceOrder.TYPE), NOW);

    send(Topics.ORDER_REDRIVE, letter(deadLetters.readRecord()).redriven(1), NOW);

    assertThat(Envelope.of(orders.readRecord().headers()).type()).isEqualTo(OrderEvent.Placed.TYPE);
    assertThat(Envelope.of(actions.readRecord().headers()).type())
        .isEqualTo(RedriveOutcome.RESOLVED);
  }

  @Test
  void aRedriveForAnotherGroupIsIgnored() {
    var letter =
        new DeadLetter(
            "order-service",
            ConsumerGroups.ORDER_VIEW,
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

  private static ProducerRecord<byte[], byte[]> with(
      ProducerRecord<byte[], byte[]> record, String data) {
    return new ProducerRecord<>("any", null, record.key(), data.getBytes(UTF_8), record.headers());
  }

  private static ProducerRecord<byte[], byte[]> discarded(DeadLetter letter, int attempt) {
    var record = letter.redriven(attempt);
    Redrive.markSettlement(record.headers());
    return record;
  }

  private static DeadLetter letter(TestRecord<byte[], byte[]> record) {
    return DeadLetter.read(record.headers(), record.value());
  }
}
