package shop.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static shop.sandbox.RunningSandbox.key;

import com.stripe.exception.ApiException;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentConfirmParams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repeated use of an idempotency key. */
@Tag("slow")
class IdempotencyTest {

  @TempDir Path data;
  private RunningSandbox sandbox;

  @BeforeEach
  void start() {
    sandbox = new RunningSandbox(data, Map.of("sandbox.idempotency-key-life", "10m"));
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  private PaymentIntent pay(String order, long amount, String key) throws StripeException {
    var params = RunningSandbox.params(order, amount, "pm_card_visa").setConfirm(true).build();
    return sandbox.stripe().v1().paymentIntents().create(params, key(key));
  }

  @Test
  void theSameRequestReceivesTheFirstResponse() throws StripeException {
    var first = pay("o-1", 100, "k-1");
    var second = pay("o-1", 100, "k-1");
    assertThat(second).isEqualTo(first);
    assertThat(second.getLastResponse().body()).isEqualTo(first.getLastResponse().body());
    assertThat(first.getLastResponse().headers().firstValue("Idempotent-Replayed")).isEmpty();
    assertThat(second.getLastResponse().headers().firstValue("Idempotent-Replayed"))
        .contains("true");
    assertThat(sandbox.ledger("o-1")).hasSize(1);
  }

  @Test
  void aResponseIsReplayedAfterARestart() throws StripeException {
    var first = pay("o-2", 100, "k-2");
    sandbox.close();
    sandbox = new RunningSandbox(data);
    assertThat(pay("o-2", 100, "k-2").getLastResponse().body())
        .isEqualTo(first.getLastResponse().body());
    assertThat(sandbox.ledger("o-2")).hasSize(1);
  }

  @Test
  void sameKeyWithOtherParametersIsRefused() throws StripeException {
    pay("o-3", 100, "k-3");
    var refusal = catchThrowableOfType(IdempotencyException.class, () -> pay("o-3", 101, "k-3"));
    assertThat(refusal.getStatusCode()).isEqualTo(400);
  }

  @Test
  void sameKeyAtAnotherEndpointIsRefused() throws StripeException {
    var open = sandbox.create("o-4", 100, "pm_card_visa");
    pay("o-4", 100, "k-4");
    var refusal =
        catchThrowableOfType(
            IdempotencyException.class,
            () ->
                sandbox
                    .stripe()
                    .v1()
                    .paymentIntents()
                    .confirm(
                        open.getId(), PaymentIntentConfirmParams.builder().build(), key("k-4")));
    assertThat(refusal.getStatusCode()).isEqualTo(400);
  }

  @Test
  void aDeclineAndAnUnexpectedStateAreReplayedToo() throws StripeException {
    var open = sandbox.create("o-5", 100, "pm_card_visa_chargeDeclined");
    var intents = sandbox.stripe().v1().paymentIntents();
    var params = PaymentIntentConfirmParams.builder().build();
    for (int i = 0; i < 2; i++) {
      var decline =
          catchThrowableOfType(
              CardException.class, () -> intents.confirm(open.getId(), params, key("k-5")));
      assertThat(decline.getCode()).isEqualTo("card_declined");
    }
    intents.cancel(open.getId());
    var first =
        catchThrowableOfType(
            InvalidRequestException.class, () -> intents.confirm(open.getId(), params, key("k-6")));
    assertThat(first.getCode()).isEqualTo("payment_intent_unexpected_state");
    assertThat(
            catchThrowableOfType(
                    CardException.class, () -> intents.confirm(open.getId(), params, key("k-5")))
                .getStatusCode())
        .isEqualTo(402);
  }

  @Test
  void anInvalidParameterDoesNotUseTheKey() throws StripeException {
    var unknown = RunningSandbox.params("o-6", 100, "pm_unknown").build();
    var refusal =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> sandbox.stripe().v1().paymentIntents().create(unknown, key("k-7")));
    assertThat(refusal.getCode()).isEqualTo("resource_missing");
    assertThat(pay("o-6", 100, "k-7").getStatus()).isEqualTo("succeeded");
  }

  @Test
  void aStored500IsReplayedUntilTheKeyExpires() throws StripeException {
    sandbox.faults("{\"rules\":[{\"kind\":\"error_500\",\"times\":1}]}");
    for (int i = 0; i < 2; i++) {
      var failure = catchThrowableOfType(ApiException.class, () -> pay("o-7", 100, "k-8"));
      assertThat(failure.getStatusCode()).isEqualTo(500);
    }
    assertThat(sandbox.ledger("o-7")).isEmpty();

    sandbox.clock.pass(Duration.ofMinutes(10));

    assertThat(pay("o-7", 100, "k-8").getStatus()).isEqualTo("succeeded");
  }

  @Test
  void anExpiredKeyIsTreatedAsNew() throws StripeException {
    var first = pay("o-8", 100, "k-9");
    sandbox.clock.pass(Duration.ofMinutes(10).minusNanos(1));
    assertThat(pay("o-8", 100, "k-9").getId()).isEqualTo(first.getId());
    sandbox.clock.pass(Duration.ofNanos(1));
    var second = pay("o-8", 100, "k-9");
    assertThat(second.getId()).isNotEqualTo(first.getId());
    assertThat(pay("o-8", 100, "k-9").getId()).isEqualTo(second.getId());
    assertThat(
            sandbox
                .get("/sandbox/ledger/summary")
                .get("ordersChargedMoreThanOnce")
                .get("o-8")
                .asInt())
        .isEqualTo(2);
  }

  @Test
  void aKeyInFlightIsInUse() throws Exception {
    var open = sandbox.create("o-9", 100, "pm_card_visa");
    sandbox.faults("{\"rules\":[{\"kind\":\"latency\",\"latency\":\"PT1H\",\"times\":1}]}");
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var params = PaymentIntentConfirmParams.builder().build();
      var intents = sandbox.stripe().v1().paymentIntents();
      var first = executor.submit(() -> intents.confirm(open.getId(), params, key("k-10")));
      await().until(() -> sandbox.fired(0) == 1);
      var refusal =
          catchThrowableOfType(
              StripeException.class, () -> intents.confirm(open.getId(), params, key("k-10")));
      assertThat(refusal.getStatusCode()).isEqualTo(409);
      assertThat(refusal.getCode()).isEqualTo("idempotency_key_in_use");
      sandbox.noFaults();
      assertThat(first.get().getStatus()).isEqualTo("succeeded");
    }
    assertThat(sandbox.ledger("o-9")).hasSize(1);
  }
}
