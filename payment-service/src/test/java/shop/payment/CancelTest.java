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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import shop.common.id.Uuids;

/** Cancelled orders cost nothing, whatever comes first. */
class CancelTest {

  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String DECLINED = "shop.payment.declined.v1";
  private static final String VOIDED = "shop.payment.voided.v1";
  private static final String REFUND_STARTED = "shop.payment.refund-started.v1";
  private static final String REFUNDED = "shop.payment.refunded.v1";
  private static final String REFUND_FAILED = "shop.payment.refund-failed.v1";

  /** The PSP refuses the whole; what was given back by hand and the rest then add up to it. */
  private static final String[] REFUSED_THEN_TWO_PARTS = {
    STARTED,
    CAPTURED,
    REFUND_STARTED,
    REFUND_FAILED,
    REFUND_STARTED,
    REFUNDED,
    REFUND_STARTED,
    REFUNDED
  };

  @RegisterExtension private static final ServiceUnderTest STAGE = ServiceUnderTest.usual();

  private final Sandbox sandbox = STAGE.sandbox();

  @Test
  void cancelAfterTheCaptureGivesAllBack() {
    var due = place("pm_card_visa");
    awaitTypes(due, STARTED, CAPTURED);

    Kafka.send(Kafka.cancelRequested(due));

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    var refunded = Kafka.last(due, REFUNDED, PaymentEvent.Refunded.class);
    assertThat(refunded.refundId()).isEqualTo(Canceller.refundId(due.orderId()));
    assertThat(refunded.amount()).isEqualTo(due.amount());
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 2580");
  }

  @Test
  void cancelBeforeItsPlaceVoidsAndNothingIsEverCharged() {
    var due = Kafka.due("pm_card_visa");
    Kafka.send(Kafka.cancelRequested(due));
    awaitTypes(due, VOIDED);

    var placed = Kafka.send(Kafka.placed(due));

    await().until(() -> Kafka.committed(placed) > placed.offset());
    assertThat(Kafka.types(due)).containsExactly(VOIDED);
    assertThat(Kafka.last(due, VOIDED, PaymentEvent.Voided.class).paymentIntentId()).isNull();
    assertThat(sandbox.moves(due.orderId())).isEmpty();
  }

  @Test
  void cancelBeforeTheCaptureCancelsTheIntentAndNamesIt() {
    var due = Kafka.due("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"rate_limit","orderId":"%s","operation":"confirm"}\
        """
            .formatted(due.orderId()));
    Kafka.send(Kafka.placed(due));
    awaitTypes(due, STARTED);

    Kafka.send(Kafka.cancelRequested(due));

    var voided = Kafka.last(due, VOIDED, PaymentEvent.Voided.class);
    assertThat(voided.paymentIntentId())
        .isEqualTo(Kafka.last(due, STARTED, PaymentEvent.Started.class).paymentIntentId());
    sandbox.noFaults();
    await().until(() -> sandbox.intent(voided.paymentIntentId()).equals("canceled"));
    assertThat(sandbox.moves(due.orderId())).isEmpty();
  }

  @Test
  void declinedPaymentIsVoidedWhenItsOrderIsCancelled() {
    var due = place("pm_card_chargeDeclined");
    awaitTypes(due, STARTED, DECLINED);

    Kafka.send(Kafka.cancelRequested(due));

    awaitTypes(due, STARTED, DECLINED, VOIDED);
    assertThat(Kafka.last(due, VOIDED, PaymentEvent.Voided.class).paymentIntentId()).isNotNull();
  }

  @Test
  void sameCancelTwiceIsOneRefund() {
    var due = place("pm_card_visa");
    awaitTypes(due, STARTED, CAPTURED);

    Kafka.send(Kafka.cancelRequested(due));
    var second = Kafka.send(Kafka.cancelRequested(due));

    await().until(() -> Kafka.committed(second) > second.offset());
    await().until(() -> Kafka.types(due).contains(REFUNDED));
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 2580");
  }

  @Test
  void chargeThatWasUnknownWhenTheCancelCameIsGivenBack() {
    var due = Kafka.due("pm_card_visa");
    sandbox.faults(
        """
        {"kind":"timeout_after_capture","orderId":"%s","hold":"PT3S"}\
        """
            .formatted(due.orderId()));
    Kafka.send(Kafka.placed(due));
    await().until(() -> sandbox.moves(due.orderId()).size() == 1);

    Kafka.send(Kafka.cancelRequested(due));

    Kafka.last(due, REFUNDED, PaymentEvent.Refunded.class);
    assertThat(Kafka.types(due)).contains(CAPTURED).doesNotContain(VOIDED);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 2580");
  }

  @Test
  void cancelGivesBackWhatWasLeftByARefundMadeByHand() {
    var due = place("pm_card_visa");
    awaitTypes(due, STARTED, CAPTURED);
    var byHand = refundByHand(due, 2000);

    Kafka.send(Kafka.cancelRequested(due));

    awaitTypes(due, REFUSED_THEN_TWO_PARTS);
    assertThat(sandbox.moves(due.orderId()))
        .containsExactly("charge 2580", "refund 2000", "refund 580");
    var payment = STAGE.service().bean(Payments.class).current(due.orderId()).orElseThrow();
    assertThat(payment.refunded()).contains(due.amount());
    assertThat(payment.refunds().get(1).id()).isEqualTo(Uuids.v5(due.orderId(), byHand));
    assertThat(payment.refunds().get(1).pspId()).isEqualTo(byHand);
  }

  @Test
  void cancelOfWhatWasGivenBackByHandIsAtItsEnd() {
    var due = place("pm_card_visa");
    awaitTypes(due, STARTED, CAPTURED);
    refundByHand(due, 1000);
    refundByHand(due, 1580);

    Kafka.send(Kafka.cancelRequested(due));

    awaitTypes(due, REFUSED_THEN_TWO_PARTS);
    assertThat(sandbox.moves(due.orderId()))
        .containsExactly("charge 2580", "refund 1000", "refund 1580");
  }

  @Test
  void cancelWaitsForASlowRefundMadeByHand() {
    var due = place("pm_card_pendingRefund");
    awaitTypes(due, STARTED, CAPTURED);
    refundByHand(due, 2580);

    Kafka.send(Kafka.cancelRequested(due));

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUND_FAILED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 2580");
  }

  @Test
  void cancelRacingTheCaptureOnTwoInstancesLeavesNothingCharged() throws Exception {
    try (var other = RunningService.at(sandbox);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 30; round++) {
        var due = Kafka.due("pm_card_visa");
        var cancel = new PaymentTask.Cancel(due.orderId(), due.customerId());
        var together = new CyclicBarrier(4);
        // The cancel comes with each step of the payment in turn.
        int delay = round * 3;

        var results =
            threads.invokeAll(
                List.of(
                    handle(STAGE.service(), due, 1, 0, together),
                    handle(other, due, 2, 0, together),
                    handle(STAGE.service(), cancel, 1, delay, together),
                    handle(other, cancel, 1, delay, together)));
        for (var result : results) {
          assertThat(result.get()).isTrue();
        }

        var payment = other.bean(Payments.class).current(due.orderId()).orElseThrow();
        var moves = sandbox.moves(due.orderId());
        if (payment.status() == PaymentStatus.VOIDED) {
          assertThat(moves).isEmpty();
        } else {
          assertThat(moves).containsExactly("charge 2580", "refund 2580");
          assertThat(payment.left().amount()).isZero();
        }
      }
    }
  }

  @Test
  void restartInTheMiddleOfACancelEndsIt() {
    var due = Kafka.due("pm_card_visa");
    STAGE.without(() -> {
      try (var first = RunningService.at(sandbox)) {
        Kafka.send(Kafka.placed(due));
        awaitTypes(due, STARTED, CAPTURED);
        sandbox.faults(
            """
            {"kind":"timeout_after_capture","operation":"refund","orderId":"%s","hold":"PT3S"}\
            """
                .formatted(due.orderId()));
        Kafka.send(Kafka.cancelRequested(due));
        await().until(() -> sandbox.moves(due.orderId()).size() == 2);
        assertThat(first.bean(Payments.class).find(due.orderId()).orElseThrow().refunds())
            .hasSize(1);
      }
      sandbox.noFaults();
    });

    Kafka.last(due, REFUNDED, PaymentEvent.Refunded.class);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 2580");
  }

  /** Somebody gives money back in the PSP's dashboard. */
  private String refundByHand(Due due, long amount) {
    var intent = Kafka.last(due, STARTED, PaymentEvent.Started.class).paymentIntentId();
    return sandbox
        .post("/v1/refunds", "payment_intent=" + intent + "&amount=" + amount)
        .get("id")
        .asString();
  }

  private static Callable<Boolean> handle(
      RunningService instance,
      PaymentTask duty,
      int attempt,
      int delayMillis,
      CyclicBarrier together) {
    var tries = new AtomicInteger(attempt);
    return () -> {
      together.await();
      await()
          .pollDelay(Duration.ofMillis(delayMillis))
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptionsInstanceOf(ProviderFailure.class)
          .until(() -> instance.bean(Cashier.class).fulfil(duty, tries.getAndAdd(2)));
      return true;
    };
  }
}
