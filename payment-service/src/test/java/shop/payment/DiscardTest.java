package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.payment.Kafka.awaitTypes;
import static shop.payment.Kafka.place;
import static shop.payment.Kafka.refundRequested;

import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;

/** What an admin discards is settled: nobody is left charged for a dead order. */
class DiscardTest {

  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String VOIDED = "shop.payment.voided.v1";
  private static final String REFUND_STARTED = "shop.payment.refund-started.v1";
  private static final String REFUNDED = "shop.payment.refunded.v1";
  private static final String REFUND_FAILED = "shop.payment.refund-failed.v1";

  @RegisterExtension private static final ServiceUnderTest STAGE = ServiceUnderTest.usual();

  private final Sandbox sandbox = STAGE.sandbox();

  @Test
  void discardedPaymentThatWasNeverStartedIsVoided() {
    var due = Kafka.due("pm_card_nobody_knows");
    var letter = Kafka.awaitDeadLetter(Kafka.send(Kafka.placed(due)));

    discard(letter, 1);

    awaitTypes(due, VOIDED);
    await().until(() -> actions(letter.id()).equals(List.of("shop.dead-letter.resolved.v1")));
  }

  @Test
  void discardedPaymentWhoseChargeWasUnknownIsGivenBack() {
    var due = Kafka.due("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s","operation":"confirm","after":true,"times":1}\
        """
            .formatted(due.orderId()),
        """
        {"kind":"error_500","orderId":"%s","operation":"retrieve"}\
        """
            .formatted(due.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(Kafka.placed(due)));
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580");

    discard(letter, 1);
    await().until(() -> actions(letter.id()).equals(List.of("shop.dead-letter.failed-again.v1")));
    sandbox.noFaults();
    discard(letter, 2);

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    await()
        .until(() ->
            actions(letter.id())
                .equals(
                    List.of("shop.dead-letter.failed-again.v1", "shop.dead-letter.resolved.v1")));
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 2580");
  }

  @Test
  void discardedEntryOfAPaymentThatWentThroughLaterLeavesItCharged() {
    var due = Kafka.due("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"rate_limit","orderId":"%s","operation":"confirm"}\
        """
            .formatted(due.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(Kafka.placed(due)));
    sandbox.noFaults();
    // As if its offset had not been committed, the order is read once more.
    Kafka.send(Kafka.placed(due));
    awaitTypes(due, STARTED, CAPTURED);

    discard(letter, 1);

    await().until(() -> actions(letter.id()).equals(List.of("shop.dead-letter.resolved.v1")));
    assertThat(Kafka.types(due)).containsExactly(STARTED, CAPTURED);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580");
  }

  @Test
  void discardedPoisonHasNothingToSettle() {
    var poison =
        Kafka.send(new ProducerRecord<>("orders", 3, new byte[] {1}, new byte[] {(byte) 0xff, 0}));
    var letter = Kafka.awaitDeadLetter(poison);

    discard(letter, 1);

    await().until(() -> actions(letter.id()).equals(List.of("shop.dead-letter.resolved.v1")));
  }

  @Test
  void discardedRefundThatWasMadeIsSaidToBe() {
    var due = paid();
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s","after":true,"times":1}\
        """
            .formatted(due.orderId()),
        """
        {"kind":"error_500","operation":"retrieve","orderId":"%s"}\
        """
            .formatted(due.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(refundRequested(due, UUID.randomUUID(), 1290)));
    sandbox.noFaults();

    discard(letter, 1);

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void discardedRefundThatWasNotMadeNeverWillBe() {
    var due = paid();
    var refundId = UUID.randomUUID();
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s"}\
        """
            .formatted(due.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(refundRequested(due, refundId, 1290)));
    sandbox.noFaults();

    discard(letter, 1);
    Kafka.last(due, REFUND_FAILED, PaymentEvent.RefundFailed.class);
    var again = Kafka.send(refundRequested(due, refundId, 1290));

    await().until(() -> Kafka.committed(again) > again.offset());
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580");
  }

  @Test
  void discardedRefundThatThePspStillWorksOnIsSaidToBeMade() {
    var due = paid();
    // The call goes on at the PSP after its answer was given up, and no list has it yet.
    sandbox.faults(
        """
        {"kind":"latency","operation":"refund","orderId":"%s","latency":"PT4S"}\
        """
            .formatted(due.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(refundRequested(due, UUID.randomUUID(), 1290)));

    discard(letter, 1);

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  private static void discard(DeadLetter letter, int attempt) {
    var redriven = letter.redriven(attempt);
    Redrive.markSettlement(redriven.headers());
    Kafka.send(redriven);
  }

  private static List<String> actions(String entry) {
    return Kafka.read(Topics.DEAD_LETTER_ACTIONS.name())
        .filter(record -> entry.equals(Kafka.text(record.key())))
        .map(record -> Envelope.of(record.headers()).type())
        .toList();
  }

  private static Due paid() {
    var due = place("pm_card_visa");
    awaitTypes(due, STARTED, CAPTURED);
    return due;
  }
}
