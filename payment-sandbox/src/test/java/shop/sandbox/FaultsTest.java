package shop.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static shop.sandbox.RunningSandbox.key;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.ApiException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentConfirmParams;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fault as seen by stripe-java. */
@Tag("slow")
class FaultsTest {

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

  @AfterEach
  void removeFaults() {
    sandbox.noFaults();
  }

  private static PaymentIntent confirm(String id, String key) throws StripeException {
    return sandbox
        .stripe()
        .v1()
        .paymentIntents()
        .confirm(id, PaymentIntentConfirmParams.builder().build(), key(key));
  }

  @Test
  void aTimeoutAfterTheCaptureLeavesTheMoneyCaptured() throws StripeException {
    sandbox.faults(
        """
        {"rules":[{"kind":"timeout_after_capture","orderId":"slow","hold":"20ms","times":1}]}\
        """);
    var open = sandbox.create("slow", 100, "pm_card_visa");
    assertThatThrownBy(() -> confirm(open.getId(), "slow-1"))
        .isInstanceOf(ApiConnectionException.class);

    assertThat(sandbox.fired(0)).isEqualTo(1);
    assertThat(sandbox.ledger("slow")).hasSize(1);
    assertThat(confirm(open.getId(), "slow-1").getStatus()).isEqualTo("succeeded");
    assertThat(sandbox.ledger("slow")).hasSize(1);
  }

  @Test
  void anUnansweredConnectionStaysOpenUntilItsHoldEnds() throws Exception {
    sandbox.faults(
        """
        {"rules":[{"kind":"timeout_after_capture","operation":"create","hold":"PT1H"}]}\
        """);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var call = executor.submit(() -> sandbox.create("open", 100, "pm_card_visa"));
      await().until(() -> sandbox.fired(0) == 1);
      assertThat(call.isDone()).isFalse();
      sandbox.noFaults();
      await().until(call::isDone);
      assertThat(call.exceptionNow()).isInstanceOf(ApiConnectionException.class);
    }
  }

  @Test
  void aResetPrecedesTheOperation() throws StripeException {
    var open = sandbox.create("reset", 100, "pm_card_visa");
    sandbox.faults("{\"rules\":[{\"kind\":\"connection_reset\",\"operation\":\"confirm\"}]}");
    var failure =
        catchThrowableOfType(ApiConnectionException.class, () -> confirm(open.getId(), "reset-1"));
    assertThat(failure).hasRootCauseInstanceOf(SocketException.class);
    assertThat(sandbox.ledger("reset")).isEmpty();
    sandbox.noFaults();
    assertThat(confirm(open.getId(), "reset-1").getStatus()).isEqualTo("succeeded");
  }

  @Test
  void aRateLimitAndAConflictDoNotUseTheKey() throws StripeException {
    var open = sandbox.create("limit", 100, "pm_card_visa");
    sandbox.faults(
        """
        {"rules":[{"kind":"rate_limit","orderId":"limit","times":1},
                  {"kind":"conflict","orderId":"limit","times":1}]}\
        """);
    var limited =
        catchThrowableOfType(RateLimitException.class, () -> confirm(open.getId(), "limit-1"));
    assertThat(limited.getStatusCode()).isEqualTo(429);
    var conflict =
        catchThrowableOfType(StripeException.class, () -> confirm(open.getId(), "limit-1"));
    assertThat(conflict.getStatusCode()).isEqualTo(409);
    assertThat(conflict.getCode()).isEqualTo("idempotency_key_in_use");
    assertThat(confirm(open.getId(), "limit-1").getStatus()).isEqualTo("succeeded");
  }

  @Test
  void downRejectsEveryCall() throws StripeException {
    var open = sandbox.create("down", 100, "pm_card_visa");
    sandbox.faults("{\"rules\":[{\"kind\":\"down\"}]}");
    var down = catchThrowableOfType(ApiException.class, () -> confirm(open.getId(), "down-1"));
    assertThat(down.getStatusCode()).isEqualTo(503);
    assertThatThrownBy(() -> sandbox.stripe().v1().paymentIntents().retrieve(open.getId()))
        .isInstanceOf(ApiException.class);
    assertThat(sandbox.fired(0)).isEqualTo(2);
    sandbox.faults("{\"rules\":[{\"kind\":\"down\",\"reset\":true}]}");
    assertThatThrownBy(() -> confirm(open.getId(), "down-1"))
        .isInstanceOf(ApiConnectionException.class);
    sandbox.noFaults();
    assertThat(confirm(open.getId(), "down-1").getStatus()).isEqualTo("succeeded");
  }

  @Test
  void anErrorAfterTheOperationHidesACapture() throws StripeException {
    var open = sandbox.create("after", 100, "pm_card_visa");
    sandbox.faults(
        "{\"rules\":[{\"kind\":\"error_500\",\"after\":true,\"operation\":\"confirm\",\"times\":1}]}");
    for (int i = 0; i < 2; i++) {
      var failure =
          catchThrowableOfType(ApiException.class, () -> confirm(open.getId(), "after-1"));
      assertThat(failure.getStatusCode()).isEqualTo(500);
    }
    assertThat(sandbox.fired(0)).isEqualTo(1);
    assertThat(sandbox.ledger("after")).hasSize(1);
    assertThat(sandbox.stripe().v1().paymentIntents().retrieve(open.getId()).getStatus())
        .isEqualTo("succeeded");
  }

  @Test
  void aDelayedResponseIsUnchanged() throws StripeException {
    sandbox.faults("{\"rules\":[{\"kind\":\"latency\",\"latency\":\"5ms\"}]}");
    assertThat(sandbox.create("late", 100, "pm_card_visa").getStatus())
        .isEqualTo("requires_confirmation");
    assertThat(sandbox.fired(0)).isEqualTo(1);
  }

  @Test
  void aRuleForAnotherOrderDoesNotApply() throws StripeException {
    sandbox.faults("{\"rules\":[{\"kind\":\"error_500\",\"orderId\":\"other\"}]}");
    assertThat(sandbox.paid("spared", 100).getStatus()).isEqualTo("succeeded");
    assertThat(sandbox.fired(0)).isZero();
  }

  @Test
  void theSameSeedRejectsTheSameCalls() {
    var first = rejections(7);
    assertThat(rejections(7)).isEqualTo(first);
    assertThat(rejections(8)).isNotEqualTo(first);
    assertThat(first).contains(true).contains(false);
  }

  private static List<Boolean> rejections(int seed) {
    sandbox.faults(
        "{\"seed\":%d,\"rules\":[{\"kind\":\"rate_limit\",\"share\":0.3}]}".formatted(seed));
    var rejections = new ArrayList<Boolean>();
    for (int i = 0; i < 40; i++) {
      try {
        sandbox.create("seed", 100, "pm_card_visa");
        rejections.add(false);
      } catch (StripeException e) {
        assertThat(e.getStatusCode()).isEqualTo(429);
        rejections.add(true);
      }
    }
    return rejections;
  }

  @Test
  void anInvalidRuleIsRejected() {
    assertThat(sandbox.faults("{\"rules\":[{\"kind\":\"latency\"}]}").get("detail").asString())
        .contains("needs a latency");
    assertThat(sandbox.faults("{\"rules\":[{\"kind\":\"quake\"}]}").get("status").asInt())
        .isEqualTo(400);
    assertThat(
            sandbox
                .faults("{\"rules\":[{\"kind\":\"down\",\"shares\":1}]}")
                .get("detail")
                .asString())
        .contains("shares");
  }
}
