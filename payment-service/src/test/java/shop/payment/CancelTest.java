package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.payment.Kafka.awaitTypes;
import static shop.payment.Kafka.place;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import shop.common.id.Uuids;

/** A cancelled order is not charged or is fully refunded, in any order of events. */
@Tag("slow")
class CancelTest {

  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String DECLINED = "shop.payment.declined.v1";
  private static final String VOIDED = "shop.payment.voided.v1";
  private static final String REFUND_STARTED = "shop.payment.refund-started.v1";
  private static final String REFUNDED = "shop.payment.refunded.v1";
  private static final String REFUND_FAILED = "shop.payment.refund-failed.v1";

  /** The PSP rejects a full refund; the refunds by hand and the remainder add up to the charge. */
  private static final String[] REJECTED_THEN_TWO_PARTS = {
    STARTED,
    CAPTURED,
    REFUND_STARTED,
    REFUND_FAILED,
    REFUND_STARTED,
    REFUNDED,
    REFUND_STARTED,
    REFUNDED
  };

  @RegisterExtension private static final ServiceUnderTest SERVICE = ServiceUnderTest.standard();

  private final Sandbox sandbox = SERVICE.sandbox();

  @Test
  void cancelAfterTheCaptureRefundsTheCharge() {
    var order = place("pm_card_visa");
    awaitTypes(order, STARTED, CAPTURED);

    Kafka.send(Kafka.cancelRequested(order));

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    var refunded = Kafka.last(order, REFUNDED, PaymentEvent.Refunded.class);
    assertThat(refunded.refundId()).isEqualTo(Canceller.refundId(order.orderId()));
    assertThat(refunded.amount()).isEqualTo(order.amount());
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 2580");
  }

  @Test
  void cancelBeforeThePlacedEventVoidsAndNothingIsCharged() {
    var order = Kafka.newOrder("pm_card_visa");
    Kafka.send(Kafka.cancelRequested(order));
    awaitTypes(order, VOIDED);

    var placed = Kafka.send(Kafka.placed(order));

    await().until(() -> Kafka.committed(placed) > placed.offset());
    assertThat(Kafka.types(order)).containsExactly(VOIDED);
    assertThat(Kafka.last(order, VOIDED, PaymentEvent.Voided.class).paymentIntentId()).isNull();
    assertThat(sandbox.moves(order.orderId())).isEmpty();
  }

  @Test
  void cancelBeforeTheCaptureCancelsTheIntentAndLogsItsId() {
    var order = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"rate_limit","orderId":"%s","operation":"confirm"}\
        """
            .formatted(order.orderId()));
    Kafka.send(Kafka.placed(order));
    awaitTypes(order, STARTED);

    Kafka.send(Kafka.cancelRequested(order));

    var voided = Kafka.last(order, VOIDED, PaymentEvent.Voided.class);
    assertThat(voided.paymentIntentId())
        .isEqualTo(Kafka.last(order, STARTED, PaymentEvent.Started.class).paymentIntentId());
    sandbox.noFaults();
    await().until(() -> sandbox.intent(voided.paymentIntentId()).equals("canceled"));
    assertThat(sandbox.moves(order.orderId())).isEmpty();
  }

  @Test
  void declinedPaymentIsVoidedWhenItsOrderIsCancelled() {
    var order = place("pm_card_chargeDeclined");
    awaitTypes(order, STARTED, DECLINED);

    Kafka.send(Kafka.cancelRequested(order));

    awaitTypes(order, STARTED, DECLINED, VOIDED);
    assertThat(Kafka.last(order, VOIDED, PaymentEvent.Voided.class).paymentIntentId()).isNotNull();
  }

  @Test
  void duplicateCancelIsOneRefund() {
    var order = place("pm_card_visa");
    awaitTypes(order, STARTED, CAPTURED);

    Kafka.send(Kafka.cancelRequested(order));
    var second = Kafka.send(Kafka.cancelRequested(order));

    await().until(() -> Kafka.committed(second) > second.offset());
    await().until(() -> Kafka.types(order).contains(REFUNDED));
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 2580");
  }

  @Test
  void chargeWhoseOutcomeWasUnknownAtTheCancelIsRefunded() {
    var order = Kafka.newOrder("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"timeout_after_capture","orderId":"%s","hold":"PT3S"}\
        """
            .formatted(order.orderId()));
    Kafka.send(Kafka.placed(order));
    await().until(() -> sandbox.moves(order.orderId()).size() == 1);

    Kafka.send(Kafka.cancelRequested(order));

    Kafka.last(order, REFUNDED, PaymentEvent.Refunded.class);
    assertThat(Kafka.types(order)).contains(CAPTURED).doesNotContain(VOIDED);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 2580");
  }

  @Test
  void cancelRefundsTheRemainderAfterARefundMadeByHand() {
    var order = place("pm_card_visa");
    awaitTypes(order, STARTED, CAPTURED);
    var byHand = refundByHand(order, 2000);

    Kafka.send(Kafka.cancelRequested(order));

    awaitTypes(order, REJECTED_THEN_TWO_PARTS);
    assertThat(sandbox.moves(order.orderId()))
        .containsExactly("charge 2580", "refund 2000", "refund 580");
    var payment = SERVICE.instance().bean(Payments.class).current(order.orderId()).orElseThrow();
    assertThat(payment.refunded()).contains(order.amount());
    assertThat(payment.refunds().get(1).id()).isEqualTo(Uuids.v5(order.orderId(), byHand));
    assertThat(payment.refunds().get(1).pspId()).isEqualTo(byHand);
  }

  @Test
  void cancelOfAChargeThatWasRefundedByHandIsComplete() {
    var order = place("pm_card_visa");
    awaitTypes(order, STARTED, CAPTURED);
    refundByHand(order, 1000);
    refundByHand(order, 1580);

    Kafka.send(Kafka.cancelRequested(order));

    awaitTypes(order, REJECTED_THEN_TWO_PARTS);
    assertThat(sandbox.moves(order.orderId()))
        .containsExactly("charge 2580", "refund 1000", "refund 1580");
  }

  @Test
  void cancelWaitsForASlowRefundMadeByHand() {
    var order = place("pm_card_pendingRefund");
    awaitTypes(order, STARTED, CAPTURED);
    refundByHand(order, 2580);

    Kafka.send(Kafka.cancelRequested(order));

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUND_FAILED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 2580");
  }

  @Test
  void cancelRacingTheCaptureOnTwoInstancesLeavesNothingCharged() throws Exception {
    try (var other = RunningService.at(sandbox);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 30; round++) {
        var order = Kafka.newOrder("pm_card_visa");
        var cancel = new PaymentTask.Cancel(order.orderId(), order.customerId());
        var together = new CyclicBarrier(4);
        // The cancel meets a different step of the payment in each round.
        int delay = round * 3;

        var results =
            threads.invokeAll(
                List.of(
                    handle(SERVICE.instance(), order, 1, 0, together),
                    handle(other, order, 2, 0, together),
                    handle(SERVICE.instance(), cancel, 1, delay, together),
                    handle(other, cancel, 1, delay, together)));
        for (var result : results) {
          assertThat(result.get()).isTrue();
        }

        var payment = other.bean(Payments.class).current(order.orderId()).orElseThrow();
        var moves = sandbox.moves(order.orderId());
        if (payment.status() == PaymentStatus.VOIDED) {
          assertThat(moves).isEmpty();
        } else {
          assertThat(moves).containsExactly("charge 2580", "refund 2580");
          assertThat(payment.refundable().amount()).isZero();
        }
      }
    }
  }

  @Test
  void restartDuringACancelCompletesIt() {
    var order = Kafka.newOrder("pm_card_visa");
    SERVICE.whileStopped(() -> {
      try (var first = RunningService.at(sandbox)) {
        Kafka.send(Kafka.placed(order));
        awaitTypes(order, STARTED, CAPTURED);
        sandbox.faults(
            """
            {"kind":"timeout_after_capture","operation":"refund","orderId":"%s","hold":"PT3S"}\
            """
                .formatted(order.orderId()));
        Kafka.send(Kafka.cancelRequested(order));
        await().until(() -> sandbox.moves(order.orderId()).size() == 2);
        assertThat(first.bean(Payments.class).find(order.orderId()).orElseThrow().refunds())
            .hasSize(1);
      }
      sandbox.noFaults();
    });

    Kafka.last(order, REFUNDED, PaymentEvent.Refunded.class);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 2580");
  }

  /** Makes a refund as in the PSP's dashboard. */
  private String refundByHand(PaymentTask.Pay order, long amount) {
    var intent = Kafka.last(order, STARTED, PaymentEvent.Started.class).paymentIntentId();
    return sandbox
        .post("/v1/refunds", "payment_intent=" + intent + "&amount=" + amount)
        .get("id")
        .asString();
  }

  private static Callable<Boolean> handle(
      RunningService instance,
      PaymentTask task,
      int attempt,
      int delayMillis,
      CyclicBarrier together) {
    var attempts = new AtomicInteger(attempt);
    return () -> {
      together.await();
      await()
          .pollDelay(Duration.ofMillis(delayMillis))
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptionsInstanceOf(ProviderFailure.class)
          .until(
              () -> instance.bean(PaymentTaskHandler.class).execute(task, attempts.getAndAdd(2)));
      return true;
    };
  }
}
