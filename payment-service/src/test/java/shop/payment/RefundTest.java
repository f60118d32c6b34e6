package shop.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static shop.payment.Kafka.awaitTypes;
import static shop.payment.Kafka.place;
import static shop.payment.Kafka.refundRequested;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import shop.common.event.Envelope;
import shop.common.money.Money;

/** Money that is given back: once each, and never more than was charged. */
class RefundTest {

  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String REFUND_STARTED = "shop.payment.refund-started.v1";
  private static final String REFUNDED = "shop.payment.refunded.v1";
  private static final String REFUND_FAILED = "shop.payment.refund-failed.v1";

  @RegisterExtension private static final ServiceUnderTest STAGE = ServiceUnderTest.usual();

  private final Sandbox sandbox = STAGE.sandbox();

  @Test
  void partIsGivenBack() {
    var due = paid();
    var refundId = UUID.randomUUID();

    Kafka.send(refundRequested(due, refundId, 1290));

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    var refunded = Kafka.last(due, REFUNDED, PaymentEvent.Refunded.class);
    assertThat(refunded.refundId()).isEqualTo(refundId);
    assertThat(refunded.pspRefundId()).startsWith("re_");
    assertThat(refunded.amount()).isEqualTo(new Money(1290, "EUR"));
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void sameRefundTwiceIsOne() {
    var due = paid();
    var refundId = UUID.randomUUID();

    Kafka.send(refundRequested(due, refundId, 1290));
    var second = Kafka.send(refundRequested(due, refundId, 1290));

    await().until(() -> Kafka.committed(second) > second.offset());
    await().until(() -> Kafka.types(due).contains(REFUNDED));
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void slowRefundIsAskedForUntilItHasAResult() {
    var due = place("pm_card_pendingRefund");
    awaitTypes(due, STARTED, CAPTURED);

    Kafka.send(refundRequested(due, UUID.randomUUID(), 1290));

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void cancelWaitsForARefundThatIsUnderWayAndGivesTheRestBack() {
    var due = place("pm_card_pendingRefund");
    awaitTypes(due, STARTED, CAPTURED);
    Kafka.send(refundRequested(due, UUID.randomUUID(), 1000));
    Kafka.last(due, REFUND_STARTED, PaymentEvent.RefundStarted.class);

    Kafka.send(Kafka.cancelRequested(due));

    // Both ask for the first one's end and may both tell of it, in the same words: OverlapTest.
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(toldOnce(due))
                .containsExactly(
                    STARTED, CAPTURED, REFUND_STARTED, REFUNDED, REFUND_STARTED, REFUNDED));
    assertThat(sandbox.moves(due.orderId()))
        .containsExactly("charge 2580", "refund 1000", "refund 1580");
  }

  @Test
  void concurrentRefundsNeverExceedTheCharge() {
    var due = paid();
    var ids = IntStream.range(0, 6).mapToObj(_ -> UUID.randomUUID()).toList();

    // 6 × 700 are asked for, 3 × 700 fit into 2580.
    ids.forEach(id -> Kafka.send(refundRequested(due, id, 700)));

    await()
        .until(() ->
            Kafka.types(due).stream()
                    .filter(type -> type.equals(REFUNDED) || type.equals(REFUND_FAILED))
                    .count()
                == 6);
    assertThat(sandbox.moves(due.orderId()))
        .containsExactly("charge 2580", "refund 700", "refund 700", "refund 700");
    assertThat(Kafka.last(due, REFUND_FAILED, PaymentEvent.RefundFailed.class).reason())
        .isEqualTo("more_than_is_left");
  }

  @Test
  void oneRefundOnTwoInstancesAtOnceIsOneRefund() throws Exception {
    try (var other = RunningService.at(sandbox);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 10; round++) {
        var due = paid();
        var refund =
            new PaymentTask.GiveBack(
                due.orderId(), due.customerId(), UUID.randomUUID(), new Money(800, "EUR"));
        // The first call of each instance ends in an error that the PSP stores, or in none.
        sandbox.faults(
            """
            {"kind":"error_500","operation":"refund","orderId":"%s","share":0.5,"times":2}\
            """
                .formatted(due.orderId()));
        var together = new CyclicBarrier(2);

        var results =
            threads.invokeAll(
                List.of(give(STAGE.service(), refund, together), give(other, refund, together)));
        for (var result : results) {
          assertThat(result.get()).isTrue();
        }

        assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 800");
      }
    }
  }

  @Test
  void refundWhoseAnswerWasLostIsFoundAndNotRepeated() {
    var due = paid();
    sandbox.faults(
        """
        {"kind":"timeout_after_capture","operation":"refund","orderId":"%s","hold":"PT3S"}\
        """
            .formatted(due.orderId()));

    Kafka.send(refundRequested(due, UUID.randomUUID(), 1290));

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void errorAfterTheRefundIsNoSecondRefund() {
    var due = paid();
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s","after":true,"times":1}\
        """
            .formatted(due.orderId()));

    Kafka.send(refundRequested(due, UUID.randomUUID(), 1290));

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void storedErrorOfARefundIsLeftBehindWithAnotherKey() {
    var due = paid();
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s","times":1}\
        """
            .formatted(due.orderId()));

    Kafka.send(refundRequested(due, UUID.randomUUID(), 1290));

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUND_STARTED, REFUNDED);
    assertThat(Kafka.last(due, REFUND_STARTED, PaymentEvent.RefundStarted.class).attempt())
        .isEqualTo(2);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void refusalOfThePspIsAFailedRefundThatFreesItsSum() {
    var due = paid();
    var intent = Kafka.last(due, STARTED, PaymentEvent.Started.class).paymentIntentId();
    sandbox.post("/v1/refunds", "payment_intent=" + intent + "&amount=2000");
    var refundId = UUID.randomUUID();

    Kafka.send(refundRequested(due, refundId, 1290));

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUND_FAILED);
    var payment = STAGE.service().bean(Payments.class).current(due.orderId()).orElseThrow();
    assertThat(payment.refund(refundId).orElseThrow().status()).isEqualTo(Refund.Status.FAILED);
    assertThat(payment.left()).isEqualTo(due.amount());
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 2000");
  }

  @Test
  void restartBetweenTheRefundAndItsResultEndsIt() {
    var due = paid();
    sandbox.faults(
        """
        {"kind":"timeout_after_capture","operation":"refund","orderId":"%s","hold":"PT3S"}\
        """
            .formatted(due.orderId()));
    Kafka.send(refundRequested(due, UUID.randomUUID(), 1290));
    await().until(() -> sandbox.moves(due.orderId()).size() == 2);
    STAGE.without(sandbox::noFaults);

    awaitTypes(due, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void refundThatAlwaysFailsIsADeadLetterAndGoesThroughOnceSentBack() {
    var due = paid();
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s"}\
        """
            .formatted(due.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(refundRequested(due, UUID.randomUUID(), 1290)));
    assertThat(letter.cause().attempts()).isEqualTo(8);

    sandbox.noFaults();
    Kafka.send(letter.redriven(1));

    Kafka.last(due, REFUNDED, PaymentEvent.Refunded.class);
    assertThat(sandbox.moves(due.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  /** The types of an order's payment events, without those that repeat another word for word. */
  private static List<String> toldOnce(Due due) {
    return Kafka.payments(due)
        .map(record -> Map.entry(Envelope.of(record.headers()).type(), Kafka.text(record.value())))
        .distinct()
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Due paid() {
    var due = place("pm_card_visa");
    awaitTypes(due, STARTED, CAPTURED);
    return due;
  }

  private static Callable<Boolean> give(
      RunningService instance, PaymentTask.GiveBack refund, CyclicBarrier together) {
    return () -> {
      together.await();
      await()
          .ignoreExceptionsInstanceOf(ProviderFailure.class)
          .until(() -> instance.bean(Cashier.class).fulfil(refund, 1));
      return true;
    };
  }
}
