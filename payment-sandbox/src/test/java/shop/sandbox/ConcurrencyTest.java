package shop.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.RefundCreateParams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Concurrent calls for one intent. */
@Tag("slow")
class ConcurrencyTest {

  private static final int CALLERS = 16;

  @TempDir static Path data;
  private static RunningSandbox sandbox;

  @BeforeAll
  static void start() {
    sandbox = new RunningSandbox(data);
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @Test
  void onlyOneOfManyConfirmationsCharges() throws Exception {
    for (int round = 0; round < 10; round++) {
      var order = "confirm-" + round;
      var open = sandbox.create(order, 100, "pm_card_visa");
      assertThat(succeeding(() -> sandbox.confirm(open.getId()))).isEqualTo(1);
      assertThat(sandbox.ledger(order)).hasSize(1);
    }
  }

  @Test
  void onlyOneOfManyCapturesSucceeds() throws Exception {
    var params =
        RunningSandbox.params("capture", 1000, "pm_card_visa")
            .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
            .setConfirm(true)
            .build();
    var held = sandbox.stripe().v1().paymentIntents().create(params);
    assertThat(succeeding(() -> sandbox.stripe().v1().paymentIntents().capture(held.getId())))
        .isEqualTo(1);
  }

  @Test
  void eitherCancelOrConfirmSucceeds() throws Exception {
    for (int round = 0; round < 10; round++) {
      var open = sandbox.create("race-" + round, 100, "pm_card_visa");
      var intents = sandbox.stripe().v1().paymentIntents();
      var turn = new java.util.concurrent.atomic.AtomicInteger();
      assertThat(
              succeeding(() ->
                  turn.getAndIncrement() % 2 == 0
                      ? intents.cancel(open.getId())
                      : intents.confirm(open.getId())))
          .isEqualTo(1);
      var end = intents.retrieve(open.getId()).getStatus();
      assertThat(sandbox.ledger("race-" + round)).hasSize(end.equals("succeeded") ? 1 : 0);
    }
  }

  @Test
  void concurrentRefundsDoNotExceedTheCapturedAmount() throws Exception {
    var paid = sandbox.paid("refunds", 1000);
    var params =
        RefundCreateParams.builder().setPaymentIntent(paid.getId()).setAmount(300L).build();
    assertThat(succeeding(() -> sandbox.stripe().v1().refunds().create(params))).isEqualTo(3);
    assertThat(
            sandbox
                .ledger("refunds")
                .valueStream()
                .filter(e -> e.get("kind").asString().equals("refund"))
                .mapToLong(e -> e.get("amount").asLong())
                .sum())
        .isEqualTo(900);
  }

  private static int succeeding(Callable<?> call) throws Exception {
    var start = new CyclicBarrier(CALLERS);
    var calls = new ArrayList<Future<Boolean>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLERS; i++) {
        calls.add(
            executor.submit(() -> {
              start.await();
              try {
                call.call();
                return true;
              } catch (StripeException e) {
                assertThat(e.getStatusCode()).isEqualTo(400);
                return false;
              }
            }));
      }
    }
    int succeeded = 0;
    for (var one : calls) {
      succeeded += one.get() ? 1 : 0;
    }
    return succeeded;
  }
}
