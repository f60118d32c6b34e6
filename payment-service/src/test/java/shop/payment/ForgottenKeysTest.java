package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.payment.Kafka.awaitTypes;
import static shop.payment.Kafka.place;
import static shop.payment.Kafka.refundRequested;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A PSP forgets its keys after a day: later only what the log names keeps money from moving twice.
 */
class ForgottenKeysTest {

  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String REFUND_STARTED = "shop.payment.refund-started.v1";
  private static final String REFUNDED = "shop.payment.refunded.v1";

  @RegisterExtension private static final ServiceUnderTest STAGE = ServiceUnderTest.forgetful();

  private final Sandbox sandbox = STAGE.sandbox();

  @Test
  void chargeWhoseAnswerWasLostIsNotRepeated() {
    var due = Kafka.due("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","operation":"confirm","orderId":"%s","after":true,"times":1}\
        """
            .formatted(due.orderId()));
    Kafka.send(Kafka.placed(due));

    awaitTypes(due, STARTED, CAPTURED);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580");
  }

  @Test
  void refundWhoseAnswerWasLostIsNotRepeated() {
    var due = place("pm_card_visa");
    awaitTypes(due, STARTED, CAPTURED);
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s","after":true,"times":1}\
        """
            .formatted(due.orderId()));

    Kafka.send(refundRequested(due, UUID.randomUUID(), 1000));

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1000");
  }

  @Test
  void redrivenRefundIsNotRepeated() {
    var due = place("pm_card_visa");
    awaitTypes(due, STARTED, CAPTURED);
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s","after":true,"times":1}\
        """
            .formatted(due.orderId()),
        """
        {"kind":"error_500","operation":"retrieve","orderId":"%s"}\
        """
            .formatted(due.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(refundRequested(due, UUID.randomUUID(), 1000)));
    sandbox.noFaults();

    Kafka.send(letter.redriven(1));

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1000");
  }
}
