package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.payment.Kafka.awaitTypes;
import static shop.payment.Kafka.place;
import static shop.payment.Kafka.refundRequested;

import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A PSP deletes idempotency keys after a day; then only the log prevents a second charge or refund.
 */
@Tag("slow")
class ExpiredIdempotencyKeysTest {

  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String REFUND_STARTED = "shop.payment.refund-started.v1";
  private static final String REFUNDED = "shop.payment.refunded.v1";

  @RegisterExtension
  private static final ServiceUnderTest SERVICE = ServiceUnderTest.withExpiringKeys();

  private final Sandbox sandbox = SERVICE.sandbox();

  @Test
  void chargeWhoseResponseWasLostIsNotRepeated() {
    var order = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"error_500","operation":"confirm","orderId":"%s","after":true,"times":1}\
        """
            .formatted(order.orderId()));
    Kafka.send(Kafka.placed(order));

    awaitTypes(order, STARTED, CAPTURED);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580");
  }

  @Test
  void refundWhoseResponseWasLostIsNotRepeated() {
    var order = place("pm_card_visa");
    awaitTypes(order, STARTED, CAPTURED);
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s","after":true,"times":1}\
        """
            .formatted(order.orderId()));

    Kafka.send(refundRequested(order, UUID.randomUUID(), 1000));

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1000");
  }

  @Test
  void redrivenRefundIsNotRepeated() {
    var order = place("pm_card_visa");
    awaitTypes(order, STARTED, CAPTURED);
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s","after":true,"times":1}\
        """
            .formatted(order.orderId()),
        """
        {"kind":"error_500","operation":"retrieve","orderId":"%s"}\
        """
            .formatted(order.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(refundRequested(order, UUID.randomUUID(), 1000)));
    sandbox.noFaults();

    Kafka.send(letter.redriven(1));

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1000");
  }
}
