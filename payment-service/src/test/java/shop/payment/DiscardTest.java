package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.payment.Kafka.awaitTypes;
import static shop.payment.Kafka.place;
import static shop.payment.Kafka.refundRequested;

import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;

/** Discarded dead letters are settled: no customer stays charged for a dead order. */
@Tag("slow")
class DiscardTest {

  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String VOIDED = "shop.payment.voided.v1";
  private static final String REFUND_STARTED = "shop.payment.refund-started.v1";
  private static final String REFUNDED = "shop.payment.refunded.v1";
  private static final String REFUND_FAILED = "shop.payment.refund-failed.v1";

  @RegisterExtension private static final ServiceUnderTest SERVICE = ServiceUnderTest.standard();

  private final Sandbox sandbox = SERVICE.sandbox();

  @Test
  void discardedPaymentThatWasNeverStartedIsVoided() {
    var order = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s","operation":"create"}\
        """
            .formatted(order.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(Kafka.placed(order)));

    discard(letter, 1);

    awaitTypes(order, VOIDED);
    await().until(() -> actions(letter.id()).equals(List.of("shop.dead-letter.resolved.v1")));
  }

  @Test
  void discardedPaymentWhoseChargeWasUnknownIsRefunded() {
    var order = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","orderId":"%s","operation":"confirm","after":true,"times":1}\
        """
            .formatted(order.orderId()),
        """
        {"kind":"error_500","orderId":"%s","operation":"retrieve"}\
        """
            .formatted(order.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(Kafka.placed(order)));
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580");

    discard(letter, 1);
    await().until(() -> actions(letter.id()).equals(List.of("shop.dead-letter.failed-again.v1")));
    sandbox.noFaults();
    discard(letter, 2);

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    await()
        .until(() ->
            actions(letter.id())
                .equals(
                    List.of("shop.dead-letter.failed-again.v1", "shop.dead-letter.resolved.v1")));
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 2580");
  }

  @Test
  void discardedPaymentThatWasCapturedBeforeTheDiscardStaysCharged() {
    var order = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"conflict","orderId":"%s","operation":"confirm"}\
        """
            .formatted(order.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(Kafka.placed(order)));
    sandbox.noFaults();
    // Sends the order again, as if its offset had not been committed.
    Kafka.send(Kafka.placed(order));
    awaitTypes(order, STARTED, CAPTURED);

    discard(letter, 1);

    await().until(() -> actions(letter.id()).equals(List.of("shop.dead-letter.resolved.v1")));
    assertThat(Kafka.types(order)).containsExactly(STARTED, CAPTURED);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580");
  }

  @Test
  void discardedPoisonRecordHasNothingToSettle() {
    var poison =
        Kafka.send(new ProducerRecord<>("orders", 3, new byte[] {1}, new byte[] {(byte) 0xff, 0}));
    var letter = Kafka.awaitDeadLetter(poison);

    discard(letter, 1);

    await().until(() -> actions(letter.id()).equals(List.of("shop.dead-letter.resolved.v1")));
  }

  @Test
  void discardedRefundThatSucceededIsLoggedAsRefunded() {
    var order = paid();
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s","after":true,"times":1}\
        """
            .formatted(order.orderId()),
        """
        {"kind":"error_500","operation":"retrieve","orderId":"%s"}\
        """
            .formatted(order.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(refundRequested(order, UUID.randomUUID(), 1290)));
    sandbox.noFaults();

    discard(letter, 1);

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void discardedRefundThatWasNotMadeIsNeverMade() {
    var order = paid();
    var refundId = UUID.randomUUID();
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s"}\
        """
            .formatted(order.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(refundRequested(order, refundId, 1290)));
    sandbox.noFaults();

    discard(letter, 1);
    Kafka.last(order, REFUND_FAILED, PaymentEvent.RefundFailed.class);
    var again = Kafka.send(refundRequested(order, refundId, 1290));

    await().until(() -> Kafka.committed(again) > again.offset());
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580");
  }

  @Test
  void discardedRefundThatThePspStillProcessesIsLoggedAsRefunded() {
    var order = paid();
    // The PSP continues to process the call after the read timeout, and does not list it yet.
    sandbox.faults(
        """
        {"kind":"latency","operation":"refund","orderId":"%s","latency":"PT4S"}\
        """
            .formatted(order.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(refundRequested(order, UUID.randomUUID(), 1290)));

    discard(letter, 1);

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1290");
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

  private static PaymentTask.Pay paid() {
    var order = place("pm_card_visa");
    awaitTypes(order, STARTED, CAPTURED);
    return order;
  }
}
