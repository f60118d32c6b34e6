package shop.order.processing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.deadletter.RedriveOutcome;
import shop.common.event.Envelope;
import shop.common.json.Json;
import shop.common.kafka.Topics;
import shop.common.testkit.Contracts;
import shop.order.CommandAnswer;
import shop.order.OrderCommand;
import shop.order.OrderEvent;
import shop.order.OrderSummary;
import shop.order.OrderWithheld;
import shop.order.PaymentFact;
import shop.order.PlaceOrder;
import shop.order.kafka.CorrelationIdHeader;
import shop.order.kafka.DeadlineHeader;
import shop.order.kafka.OrderSummaryHeader;

/** Accepted orders whose command the processor cannot read. */
class WithheldOrdersTest extends ProcessorTest {

  private static final OrderSummary SUMMARY =
      OrderSummary.of(Contracts.data(PlaceOrder.TYPE, PlaceOrder.class));

  @Test
  void anOrderWhoseCommandIsUnreadableIsWithheldWithTheHeadersOfItsCommand() {
    var command = unreadable();
    send(Topics.ORDER_COMMANDS, command, NOW);

    var withheld = orders.readRecord();
    var envelope = Envelope.of(withheld.headers());
    assertThat(envelope.type()).isEqualTo(OrderWithheld.TYPE);
    assertThat(envelope.subject()).isEqualTo(Envelope.of(command.headers()).subject());
    assertThat(envelope.sequence()).isNull();
    assertThat(OrderSummaryHeader.read(withheld.headers())).contains(SUMMARY);
    assertThat(DeadlineHeader.read(withheld.headers()))
        .isEqualTo(DeadlineHeader.read(command.headers()));
    assertThat(Json.read(withheld.value(), OrderWithheld.class).deadLetter())
        .isEqualTo(letter(deadLetters.readRecord()).id());
  }

  @Test
  void aLateCommandIsIgnoredAlthoughItIsUnreadable() {
    send(Topics.ORDER_COMMANDS, unreadable(), NOW.plusSeconds(11));

    assertThat(orders.isEmpty()).isTrue();
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void withoutADeadlineOrASummaryThereIsADeadLetterOnly() {
    var withoutSummary = unreadable();
    withoutSummary.headers().remove(OrderSummaryHeader.NAME);
    var malformedSummary = unreadable();
    malformedSummary.headers().add(OrderSummaryHeader.NAME, "{}".getBytes(UTF_8));
    var withoutPieces = unreadable();
    withoutPieces
        .headers()
        .add(
            OrderSummaryHeader.NAME,
            Json.MAPPER
                .writeValueAsString(SUMMARY)
                .replace("\"quantity\":2", "\"quantity\":0")
                .getBytes(UTF_8));
    var withoutDeadline = unreadable();
    withoutDeadline.headers().remove(DeadlineHeader.NAME);

    for (var command : List.of(withoutSummary, malformedSummary, withoutPieces, withoutDeadline)) {
      send(Topics.ORDER_COMMANDS, command, NOW);
    }

    assertThat(deadLetters.readRecordsToList()).hasSize(4);
    assertThat(orders.isEmpty()).isTrue();
  }

  @Test
  void aRepeatedCommandIsAnsweredAndNeitherPlacesTheOrderNorBecomesADeadLetter() {
    var entry = withheld();

    send(Topics.ORDER_COMMANDS, withCorrelationId(unreadable(), "first"), NOW);
    send(Topics.ORDER_COMMANDS, withCorrelationId(readable(), "second"), NOW);
    send(Topics.ORDER_REDRIVE, discarded(entry, 1), NOW);
    assertThat(types()).containsExactly(CommandAnswer.TYPE, CommandAnswer.TYPE, ENDED);
    send(Topics.ORDER_COMMANDS, withCorrelationId(readable(), "third"), NOW);

    var answer = orders.readRecord();
    assertThat(Envelope.of(answer.headers()).sequence()).isNull();
    assertThat(answer.headers().lastHeader(CorrelationIdHeader.NAME).value())
        .isEqualTo("third".getBytes(UTF_8));
    assertThat(Json.read(answer.value(), CommandAnswer.class).reason())
        .isEqualTo("already-cancelled");
    assertThat(orders.isEmpty()).isTrue();
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void anUnreadableRepetitionOfAPlacedOrderIsNoDeadLetter() {
    send(Topics.ORDER_COMMANDS, readable(), NOW);
    send(Topics.ORDER_COMMANDS, unreadable(), NOW);

    assertThat(types()).containsExactly(OrderEvent.Placed.TYPE, CommandAnswer.TYPE);
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void aCancelIsRejected() {
    withheld();

    send(Topics.ORDER_COMMANDS, Contracts.record(OrderCommand.Cancel.TYPE), NOW);

    assertThat(Json.read(orders.readRecord().value(), CommandAnswer.class).reason())
        .isEqualTo("withheld");
  }

  @Test
  void aFactAboutAWithheldOrderIsADeadLetter() {
    withheld();

    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);

    assertThat(letter(deadLetters.readRecord()).cause().message()).contains("never placed");
    assertThat(orders.isEmpty()).isTrue();
  }

  @Test
  void aRedriveThatFailsAgainLeavesTheOrderWithheldAndAnEditedOnePlacesItOnce() {
    var entry = withheld();

    send(Topics.ORDER_REDRIVE, entry.redriven(1), NOW);
    send(Topics.ORDER_REDRIVE, edited(entry, 2), NOW);
    send(Topics.ORDER_REDRIVE, edited(entry, 3), NOW);
    send(Topics.PAYMENTS, fact(PaymentFact.Captured.TYPE), NOW);

    assertThat(outcomes())
        .containsExactly(
            RedriveOutcome.FAILED_AGAIN, RedriveOutcome.RESOLVED, RedriveOutcome.RESOLVED);
    assertThat(orders.readRecordsToList())
        .extracting(
            record -> Envelope.of(record.headers()).type(),
            record -> Envelope.of(record.headers()).sequence())
        .containsExactly(tuple(OrderEvent.Placed.TYPE, 1L), tuple(OrderEvent.Confirmed.TYPE, 2L));
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void aDiscardedUnreadableOrderEndsWithoutAnEventAndIsNotPlacedByALateRedrive() {
    var entry = withheld();

    send(Topics.ORDER_REDRIVE, discarded(entry, 1), NOW);
    send(Topics.ORDER_REDRIVE, discarded(entry, 1), NOW);
    send(Topics.ORDER_REDRIVE, edited(entry, 2), NOW);

    var ended = orders.readRecord();
    assertThat(Envelope.of(ended.headers()).type()).isEqualTo(ENDED);
    assertThat(Envelope.of(ended.headers()).sequence()).isNull();
    assertThat(OrderSummaryHeader.read(ended.headers())).contains(SUMMARY);
    assertThat(Json.read(ended.value(), OrderWithheld.Ended.class))
        .isEqualTo(new OrderWithheld.Ended(entry.id(), "it could not be processed"));
    assertThat(orders.isEmpty()).isTrue();
    assertThat(outcomes())
        .containsExactly(
            RedriveOutcome.RESOLVED, RedriveOutcome.RESOLVED, RedriveOutcome.FAILED_AGAIN);
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void aDiscardedReadableOrderIsPlacedAndCancelled() {
    var entry = withheld();
    var record = edited(entry, 1);
    Redrive.markSettlement(record.headers());

    send(Topics.ORDER_REDRIVE, record, NOW);

    assertThat(types()).containsExactly(OrderEvent.Placed.TYPE, OrderEvent.CancelRequested.TYPE);
    assertThat(outcomes()).containsExactly(RedriveOutcome.RESOLVED);
  }

  /** A dead letter of a version that did not withhold yet. */
  @Test
  void anOlderDeadLetterIsWithheldWhenItFailsAgainAndEndsWhenItIsDiscarded() {
    var entry = withheld();
    driver.getKeyValueStore(OrderTopology.STATES).delete(Envelope.of(entry.headers()).subject());
    send(Topics.ORDER_REDRIVE, entry.redriven(1), NOW);
    assertThat(types()).containsExactly(OrderWithheld.TYPE);
    driver.getKeyValueStore(OrderTopology.STATES).delete(Envelope.of(entry.headers()).subject());

    send(Topics.ORDER_REDRIVE, discarded(entry, 2), NOW);

    assertThat(types()).containsExactly(OrderWithheld.TYPE, ENDED);
    assertThat(outcomes()).containsExactly(RedriveOutcome.FAILED_AGAIN, RedriveOutcome.RESOLVED);
  }

  @Test
  void aDiscardOfAnotherDeadLetterWithoutASummaryFailsAgain() {
    var older = unreadable();
    older.headers().remove(OrderSummaryHeader.NAME);
    send(Topics.ORDER_COMMANDS, older, NOW);
    var entry = letter(deadLetters.readRecord());
    withheld();

    send(Topics.ORDER_REDRIVE, discarded(entry, 1), NOW);

    assertThat(outcomes()).containsExactly(RedriveOutcome.FAILED_AGAIN);
    assertThat(orders.isEmpty()).isTrue();
  }

  private static final String ENDED = OrderWithheld.Ended.TYPE;

  /** The dead letter of an order that is withheld now. */
  private DeadLetter withheld() {
    send(Topics.ORDER_COMMANDS, unreadable(), NOW);
    assertThat(types()).containsExactly(OrderWithheld.TYPE);
    return letter(deadLetters.readRecord());
  }

  private static ProducerRecord<byte[], byte[]> readable() {
    var record = place(NOW.plusSeconds(10));
    OrderSummaryHeader.write(record.headers(), SUMMARY);
    return record;
  }

  private static ProducerRecord<byte[], byte[]> unreadable() {
    return with(readable(), new byte[] {'{'});
  }

  /** The redrive of an edited command, as if the edit had repaired its data. */
  private static ProducerRecord<byte[], byte[]> edited(DeadLetter entry, int attempt) {
    return with(entry.redriven(attempt), readable().value());
  }

  private static ProducerRecord<byte[], byte[]> discarded(DeadLetter entry, int attempt) {
    var record = entry.redriven(attempt);
    Redrive.markSettlement(record.headers());
    return record;
  }

  private static ProducerRecord<byte[], byte[]> with(
      ProducerRecord<byte[], byte[]> record, byte[] data) {
    return new ProducerRecord<>(
        "any", null, record.key(), data, new RecordHeaders(record.headers().toArray()));
  }

  private static ProducerRecord<byte[], byte[]> withCorrelationId(
      ProducerRecord<byte[], byte[]> record, String correlationId) {
    CorrelationIdHeader.write(record.headers(), correlationId);
    return record;
  }

  private List<String> types() {
    return orders.readRecordsToList().stream()
        .map(record -> Envelope.of(record.headers()).type())
        .toList();
  }

  private List<String> outcomes() {
    return actions.readRecordsToList().stream()
        .map(record -> Envelope.of(record.headers()).type())
        .toList();
  }

  private static DeadLetter letter(TestRecord<byte[], byte[]> record) {
    return DeadLetter.read(record.headers(), record.value());
  }
}
