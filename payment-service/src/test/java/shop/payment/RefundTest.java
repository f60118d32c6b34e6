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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import shop.common.event.Envelope;
import shop.common.money.Money;

/** Each refund is executed once, and refunds never exceed the charge. */
@Tag("slow")
class RefundTest {

  private static final String STARTED = "shop.payment.started.v1";
  private static final String CAPTURED = "shop.payment.captured.v1";
  private static final String REFUND_STARTED = "shop.payment.refund-started.v1";
  private static final String REFUNDED = "shop.payment.refunded.v1";
  private static final String REFUND_FAILED = "shop.payment.refund-failed.v1";

  @RegisterExtension private static final ServiceUnderTest SERVICE = ServiceUnderTest.standard();

  private final Sandbox sandbox = SERVICE.sandbox();

  @Test
  void partialRefundIsExecuted() {
    var order = paid();
    var refundId = UUID.randomUUID();

    Kafka.send(refundRequested(order, refundId, 1290));

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    var refunded = Kafka.last(order, REFUNDED, PaymentEvent.Refunded.class);
    assertThat(refunded.refundId()).isEqualTo(refundId);
    assertThat(refunded.pspRefundId()).startsWith("re_");
    assertThat(refunded.amount()).isEqualTo(new Money(1290, "EUR"));
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void duplicateRefundIsExecutedOnce() {
    var order = paid();
    var refundId = UUID.randomUUID();

    Kafka.send(refundRequested(order, refundId, 1290));
    var second = Kafka.send(refundRequested(order, refundId, 1290));

    await().until(() -> Kafka.committed(second) > second.offset());
    await().until(() -> Kafka.types(order).contains(REFUNDED));
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void pendingRefundIsRetrievedUntilItHasAResult() {
    var order = place("pm_card_pendingRefund");
    awaitTypes(order, STARTED, CAPTURED);

    Kafka.send(refundRequested(order, UUID.randomUUID(), 1290));

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void cancelWaitsForAPendingRefundAndRefundsTheRemainder() {
    var order = place("pm_card_pendingRefund");
    awaitTypes(order, STARTED, CAPTURED);
    Kafka.send(refundRequested(order, UUID.randomUUID(), 1000));
    Kafka.last(order, REFUND_STARTED, PaymentEvent.RefundStarted.class);

    Kafka.send(Kafka.cancelRequested(order));

    // Both tasks retrieve the first refund's result and may both log it: ConcurrentTasksTest.
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(distinctTypes(order))
                .containsExactly(
                    STARTED, CAPTURED, REFUND_STARTED, REFUNDED, REFUND_STARTED, REFUNDED));
    assertThat(sandbox.moves(order.orderId()))
        .containsExactly("charge 2580", "refund 1000", "refund 1580");
  }

  @Test
  void concurrentRefundsNeverExceedTheCharge() {
    var order = paid();
    var ids = IntStream.range(0, 6).mapToObj(_ -> UUID.randomUUID()).toList();

    // 6 × 700 are requested, 3 × 700 fit into 2580.
    ids.forEach(id -> Kafka.send(refundRequested(order, id, 700)));

    await()
        .until(() ->
            Kafka.types(order).stream()
                    .filter(type -> type.equals(REFUNDED) || type.equals(REFUND_FAILED))
                    .count()
                == 6);
    assertThat(sandbox.moves(order.orderId()))
        .containsExactly("charge 2580", "refund 700", "refund 700", "refund 700");
    assertThat(Kafka.last(order, REFUND_FAILED, PaymentEvent.RefundFailed.class).reason())
        .isEqualTo("more_than_is_left");
  }

  @Test
  void twoInstancesExecuteARefundOnce() throws Exception {
    try (var other = RunningService.at(sandbox);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 10; round++) {
        var order = paid();
        var refund =
            new PaymentTask.Refund(
                order.orderId(), order.customerId(), UUID.randomUUID(), new Money(800, "EUR"));
        // The first call of each instance may end in an error that the PSP stores.
        sandbox.faults(
            """
            {"kind":"error_500","operation":"refund","orderId":"%s","share":0.5,"times":2}\
            """
                .formatted(order.orderId()));
        var together = new CyclicBarrier(2);

        var results =
            threads.invokeAll(
                List.of(
                    execute(SERVICE.instance(), refund, together),
                    execute(other, refund, together)));
        for (var result : results) {
          assertThat(result.get()).isTrue();
        }

        assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 800");
      }
    }
  }

  @Test
  void refundWhoseResponseWasLostIsFoundAndNotRepeated() {
    var order = paid();
    sandbox.faults(
        """
        {"kind":"timeout_after_capture","operation":"refund","orderId":"%s","hold":"PT3S"}\
        """
            .formatted(order.orderId()));

    Kafka.send(refundRequested(order, UUID.randomUUID(), 1290));

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void errorAfterTheRefundDoesNotRefundTwice() {
    var order = paid();
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s","after":true,"times":1}\
        """
            .formatted(order.orderId()));

    Kafka.send(refundRequested(order, UUID.randomUUID(), 1290));

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void storedErrorOfARefundIsAvoidedByANewKey() {
    var order = paid();
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s","times":1}\
        """
            .formatted(order.orderId()));

    Kafka.send(refundRequested(order, UUID.randomUUID(), 1290));

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUND_STARTED, REFUNDED);
    assertThat(Kafka.last(order, REFUND_STARTED, PaymentEvent.RefundStarted.class).attempt())
        .isEqualTo(2);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void refundThatThePspRejectsFailsAndReleasesItsAmount() {
    var order = paid();
    var intent = Kafka.last(order, STARTED, PaymentEvent.Started.class).paymentIntentId();
    sandbox.post("/v1/refunds", "payment_intent=" + intent + "&amount=2000");
    var refundId = UUID.randomUUID();

    Kafka.send(refundRequested(order, refundId, 1290));

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUND_FAILED);
    var payment = SERVICE.instance().bean(Payments.class).current(order.orderId()).orElseThrow();
    assertThat(payment.refund(refundId).orElseThrow().status()).isEqualTo(Refund.Status.FAILED);
    assertThat(payment.refundable()).isEqualTo(order.amount());
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 2000");
  }

  @Test
  void restartBetweenTheRefundAndItsResultCompletesIt() {
    var order = paid();
    sandbox.faults(
        """
        {"kind":"timeout_after_capture","operation":"refund","orderId":"%s","hold":"PT3S"}\
        """
            .formatted(order.orderId()));
    Kafka.send(refundRequested(order, UUID.randomUUID(), 1290));
    await().until(() -> sandbox.moves(order.orderId()).size() == 2);
    SERVICE.whileStopped(sandbox::noFaults);

    awaitTypes(order, STARTED, CAPTURED, REFUND_STARTED, REFUNDED);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  @Test
  void refundThatAlwaysFailsIsADeadLetterAndSucceedsWhenRedriven() {
    var order = paid();
    sandbox.faults(
        """
        {"kind":"error_500","operation":"refund","orderId":"%s"}\
        """
            .formatted(order.orderId()));
    var letter = Kafka.awaitDeadLetter(Kafka.send(refundRequested(order, UUID.randomUUID(), 1290)));
    assertThat(letter.cause().attempts()).isEqualTo(8);

    sandbox.noFaults();
    Kafka.send(letter.redriven(1));

    Kafka.last(order, REFUNDED, PaymentEvent.Refunded.class);
    assertThat(sandbox.moves(order.orderId())).containsExactly("charge 2580", "refund 1290");
  }

  /** The types of an order's payment events without exact duplicates. */
  private static List<String> distinctTypes(PaymentTask.Pay order) {
    return Kafka.payments(order)
        .map(record -> Map.entry(Envelope.of(record.headers()).type(), Kafka.text(record.value())))
        .distinct()
        .map(Map.Entry::getKey)
        .toList();
  }

  private static PaymentTask.Pay paid() {
    var order = place("pm_card_visa");
    awaitTypes(order, STARTED, CAPTURED);
    return order;
  }

  private static Callable<Boolean> execute(
      RunningService instance, PaymentTask.Refund refund, CyclicBarrier together) {
    return () -> {
      together.await();
      await()
          .ignoreExceptionsInstanceOf(ProviderFailure.class)
          .until(() -> instance.bean(PaymentTaskHandler.class).execute(refund, 1));
      return true;
    };
  }
}
