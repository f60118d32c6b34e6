package shop.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lifecycle of an intent, with stripe-java. */
@Tag("slow")
class IntentLifecycleTest {

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
  void parametersThatAreTooLargeOrNotUtf8AreRefused() throws Exception {
    var large =
        sandbox.raw(
            authorized("/v1/payment_intents")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "amount=100&currency=eur&description=" + "x".repeat(100_000))));
    var invalid = sandbox.raw(authorized("/v1/payment_intents?limit=%FF"));

    assertThat(large.statusCode()).isEqualTo(400);
    assertThat(invalid.statusCode()).isEqualTo(400);
  }

  private static HttpRequest.Builder authorized(String path) {
    return sandbox.request(path).header("Authorization", "Bearer " + RunningSandbox.API_KEY);
  }

  @Test
  void appendedFactsHaveTheirOwnTimes() throws Exception {
    var response =
        sandbox.raw(
            sandbox
                .request("/sandbox/ledger/facts")
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        """
                        [{"fact":"created","at":"2020-01-02T03:04:05Z","intent":"pi_000000000000000000000old",
                          "amount":700,"currency":"eur","manualCapture":false,"paymentMethod":"pm_card_visa",
                          "metadata":{"order_id":"life-old"}},
                         {"fact":"confirmed","at":"2020-01-02T03:04:05Z","intent":"pi_000000000000000000000old",
                          "paymentMethod":"pm_card_visa","manualCapture":false,"status":"REQUIRES_CAPTURE"},
                         {"fact":"captured","at":"2020-01-02T03:04:06Z","intent":"pi_000000000000000000000old",
                          "amount":700}]
                        """)));

    assertThat(response.statusCode()).isEqualTo(204);
    var entries = sandbox.ledger("life-old");
    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).get("at").asString()).isEqualTo("2020-01-02T03:04:06Z");
    var intent = sandbox.stripe().v1().paymentIntents().retrieve("pi_000000000000000000000old");
    assertThat(intent.getStatus()).isEqualTo("succeeded");
    assertThat(intent.getAmountReceived()).isEqualTo(700);
  }

  @Test
  void aConfirmedIntentIsChargedOnce() throws StripeException {
    var created = sandbox.create("life-1", 1999, "pm_card_visa");
    assertThat(created.getStatus()).isEqualTo("requires_confirmation");
    assertThat(created.getLatestCharge()).isNull();

    var confirmed = sandbox.confirm(created.getId());

    assertThat(confirmed.getStatus()).isEqualTo("succeeded");
    assertThat(confirmed.getAmountReceived()).isEqualTo(1999);
    assertThat(confirmed.getLatestCharge()).startsWith("ch_");
    assertThat(confirmed.getMetadata()).containsEntry("order_id", "life-1");
    assertThat(confirmed.getLivemode()).isFalse();
    var seen = sandbox.stripe().v1().paymentIntents().retrieve(created.getId());
    assertThat(seen).isEqualTo(confirmed);
    assertThat(confirmed.getLastResponse().requestId()).startsWith("req_");
    var entries = sandbox.ledger("life-1");
    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).get("kind").asString()).isEqualTo("charge");
    assertThat(entries.get(0).get("amount").asLong()).isEqualTo(1999);
  }

  @Test
  void anIntentIsConfirmedOnlyOnce() throws StripeException {
    var paid = sandbox.paid("life-2", 500);
    var refusal =
        catchThrowableOfType(InvalidRequestException.class, () -> sandbox.confirm(paid.getId()));
    assertThat(refusal.getCode()).isEqualTo("payment_intent_unexpected_state");
    assertThat(refusal.getStatusCode()).isEqualTo(400);
    assertThat(refusal.getStripeError().getPaymentIntent().getStatus()).isEqualTo("succeeded");
    assertThat(sandbox.ledger("life-2")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "pm_card_visa_chargeDeclined,card_declined,generic_decline",
    "pm_card_chargeDeclined,card_declined,generic_decline",
    "pm_card_visa_chargeDeclinedInsufficientFunds,card_declined,insufficient_funds",
    "pm_card_chargeDeclinedInsufficientFunds,card_declined,insufficient_funds",
    "pm_card_chargeDeclinedExpiredCard,expired_card,",
    "pm_card_chargeDeclinedIncorrectCvc,incorrect_cvc,",
    "pm_card_chargeDeclinedProcessingError,processing_error,",
  })
  void aDeclineIsACardErrorAndTheIntentCanBeConfirmedAgain(
      String method, String code, String declineCode) throws StripeException {
    var intent = sandbox.create("decline-" + method, 700, method);
    var decline = catchThrowableOfType(CardException.class, () -> sandbox.confirm(intent.getId()));
    assertThat(decline.getStatusCode()).isEqualTo(402);
    assertThat(decline.getCode()).isEqualTo(code);
    assertThat(decline.getDeclineCode()).isEqualTo(declineCode);
    assertThat(decline.getCharge()).startsWith("ch_");
    var after = decline.getStripeError().getPaymentIntent();
    assertThat(after.getStatus()).isEqualTo("requires_payment_method");
    assertThat(after.getLastPaymentError().getCode()).isEqualTo(code);
    assertThat(sandbox.ledger("decline-" + method)).isEmpty();

    var again =
        sandbox
            .stripe()
            .v1()
            .paymentIntents()
            .confirm(
                intent.getId(),
                PaymentIntentConfirmParams.builder().setPaymentMethod("pm_card_visa").build());
    assertThat(again.getStatus()).isEqualTo("succeeded");
    assertThat(again.getLastPaymentError()).isNull();
  }

  @Test
  void requiredAuthenticationIsADeclineIfErrorOnRequiresAction() throws StripeException {
    var intent = sandbox.create("auth-1", 700, "pm_card_authenticationRequired");
    var params = PaymentIntentConfirmParams.builder().setErrorOnRequiresAction(true).build();
    var decline =
        catchThrowableOfType(
            CardException.class,
            () -> sandbox.stripe().v1().paymentIntents().confirm(intent.getId(), params));
    assertThat(decline.getCode()).isEqualTo("authentication_required");

    var requiresAction =
        sandbox
            .stripe()
            .v1()
            .paymentIntents()
            .confirm(
                intent.getId(),
                PaymentIntentConfirmParams.builder()
                    .setPaymentMethod("pm_card_authenticationRequired")
                    .build());
    assertThat(requiresAction.getStatus()).isEqualTo("requires_action");
    assertThat(requiresAction.getNextAction().getType()).isEqualTo("use_stripe_sdk");
  }

  @Test
  void aPartialCaptureReleasesTheRemainder() throws StripeException {
    var params =
        RunningSandbox.params("manual-1", 1000, "pm_card_mastercard")
            .setCaptureMethod(PaymentIntentCreateParams.CaptureMethod.MANUAL)
            .setConfirm(true)
            .build();
    var held = sandbox.stripe().v1().paymentIntents().create(params);
    assertThat(held.getStatus()).isEqualTo("requires_capture");
    assertThat(held.getAmountCapturable()).isEqualTo(1000);

    var tooMuch = PaymentIntentCaptureParams.builder().setAmountToCapture(1001L).build();
    assertThatThrownBy(() -> sandbox.stripe().v1().paymentIntents().capture(held.getId(), tooMuch))
        .isInstanceOf(InvalidRequestException.class);
    var captured =
        sandbox
            .stripe()
            .v1()
            .paymentIntents()
            .capture(
                held.getId(),
                PaymentIntentCaptureParams.builder().setAmountToCapture(600L).build());

    assertThat(captured.getStatus()).isEqualTo("succeeded");
    assertThat(captured.getAmountReceived()).isEqualTo(600);
    assertThat(sandbox.ledger("manual-1").valueStream().map(e -> e.get("kind").asString()))
        .containsExactly("hold", "charge", "release");
  }

  @Test
  void aCanceledIntentCannotBeConfirmedAndAPaidOneCannotBeCanceled() throws StripeException {
    var open = sandbox.create("cancel-1", 100, "pm_card_visa");
    var params =
        PaymentIntentCancelParams.builder()
            .setCancellationReason(PaymentIntentCancelParams.CancellationReason.ABANDONED)
            .build();
    var canceled = sandbox.stripe().v1().paymentIntents().cancel(open.getId(), params);
    assertThat(canceled.getStatus()).isEqualTo("canceled");
    assertThat(canceled.getCancellationReason()).isEqualTo("abandoned");
    assertThat(canceled.getCanceledAt()).isNotNull();
    assertThatThrownBy(() -> sandbox.confirm(open.getId()))
        .hasMessageContaining("payment_intent_unexpected_state");

    var paid = sandbox.paid("cancel-2", 100);
    assertThatThrownBy(() -> sandbox.stripe().v1().paymentIntents().cancel(paid.getId(), params))
        .hasMessageContaining("payment_intent_unexpected_state");
  }

  @Test
  void refundsNeverExceedTheCapturedAmount() throws StripeException {
    var paid = sandbox.paid("refund-1", 1000);
    var refunds = sandbox.stripe().v1().refunds();
    var part =
        RefundCreateParams.builder()
            .setPaymentIntent(paid.getId())
            .setAmount(600L)
            .putMetadata("refund_id", "r-1")
            .build();
    var first = refunds.create(part);
    assertThat(first.getStatus()).isEqualTo("succeeded");
    assertThat(refunds.retrieve(first.getId())).isEqualTo(first);
    assertThatThrownBy(() -> refunds.create(part)).isInstanceOf(InvalidRequestException.class);

    var rest =
        refunds.create(RefundCreateParams.builder().setCharge(paid.getLatestCharge()).build());
    assertThat(rest.getAmount()).isEqualTo(400);
    assertThatThrownBy(() -> refunds.create(part)).hasMessageContaining("charge_already_refunded");
    var listed =
        refunds.list(RefundListParams.builder().setPaymentIntent(paid.getId()).build()).getData();
    assertThat(listed).containsExactly(rest, first);
    assertThat(sandbox.get("/sandbox/ledger/summary").get("balanced").asBoolean()).isTrue();
  }

  @Test
  void aPendingRefundSucceedsAfterItsTime() throws StripeException {
    var paid = sandbox.confirm(sandbox.create("refund-3", 500, "pm_card_pendingRefund").getId());
    var refunds = sandbox.stripe().v1().refunds();
    var refund =
        refunds.create(RefundCreateParams.builder().setPaymentIntent(paid.getId()).build());
    assertThat(refund.getStatus()).isEqualTo("pending");

    sandbox.clock.pass(Duration.ofSeconds(5));

    assertThat(refunds.retrieve(refund.getId()).getStatus()).isEqualTo("succeeded");
  }

  @Test
  void aRefundOfAClosedCardFailsAfterItHasSucceeded() throws StripeException {
    var paid = sandbox.confirm(sandbox.create("refund-4", 500, "pm_card_refundFail").getId());
    var refunds = sandbox.stripe().v1().refunds();
    var refund =
        refunds.create(RefundCreateParams.builder().setPaymentIntent(paid.getId()).build());
    assertThat(refund.getStatus()).isEqualTo("succeeded");
    assertThat(refund.getFailureReason()).isNull();

    sandbox.clock.pass(Duration.ofSeconds(5));

    var later = refunds.retrieve(refund.getId());
    assertThat(later.getStatus()).isEqualTo("failed");
    assertThat(later.getFailureReason()).isEqualTo("expired_or_canceled_card");
  }

  @Test
  void anUnpaidIntentCannotBeRefunded() throws StripeException {
    var open = sandbox.create("refund-2", 1000, "pm_card_visa");
    var params = RefundCreateParams.builder().setPaymentIntent(open.getId()).build();
    assertThatThrownBy(() -> sandbox.stripe().v1().refunds().create(params))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aBankDebitIsProcessingUntilItSettles() throws StripeException {
    var good = sandbox.confirm(sandbox.create("debit-1", 300, "pm_usBankAccount_success").getId());
    var bad =
        sandbox.confirm(
            sandbox.create("debit-2", 300, "pm_usBankAccount_insufficientFunds").getId());
    var never =
        sandbox.confirm(sandbox.create("debit-3", 300, "pm_usBankAccount_processing").getId());
    assertThat(List.of(good.getStatus(), bad.getStatus(), never.getStatus()))
        .containsOnly("processing");
    assertThat(sandbox.ledger("debit-1")).isEmpty();

    sandbox.clock.pass(Duration.ofSeconds(5));

    assertThat(sandbox.ledger("debit-1")).hasSize(1);
    var intents = sandbox.stripe().v1().paymentIntents();
    assertThat(intents.retrieve(good.getId()).getStatus()).isEqualTo("succeeded");
    assertThat(intents.retrieve(bad.getId()).getStatus()).isEqualTo("requires_payment_method");
    assertThat(intents.retrieve(bad.getId()).getLastPaymentError().getDeclineCode())
        .isEqualTo("insufficient_funds");
    assertThat(intents.retrieve(never.getId()).getStatus()).isEqualTo("processing");
    assertThat(intents.cancel(never.getId()).getStatus()).isEqualTo("canceled");
  }

  @Test
  void intentsArePaginatedNewestFirst() throws StripeException {
    var made = new ArrayList<String>();
    for (int i = 0; i < 7; i++) {
      made.addFirst(sandbox.create("page", 100 + i, "pm_card_visa").getId());
    }
    var params = PaymentIntentListParams.builder().setLimit(3L).build();
    var seen = new ArrayList<String>();
    for (var intent : sandbox.stripe().v1().paymentIntents().list(params).autoPagingIterable()) {
      seen.add(intent.getId());
    }
    assertThat(seen).doesNotHaveDuplicates().startsWith(made.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "currency=eur|parameter_missing|amount",
        "amount=0&currency=eur|parameter_invalid_integer|amount",
        "amount=x&currency=eur|parameter_invalid_integer|amount",
        "amount=100000000&currency=eur|amount_too_large|amount",
        "amount=49&currency=eur|amount_too_small|amount",
        "amount=1234&currency=kwd|parameter_invalid_integer|amount",
        "amount=150&currency=isk|parameter_invalid_integer|amount",
        "amount=150&currency=ugx|parameter_invalid_integer|amount",
        "amount=100&currency=eur&colour=red|parameter_unknown|colour",
        "amount=100&currency=eur&payment_intent=pi_1|parameter_unknown|payment_intent",
        "amount=100&currency=eur&payment_method=pm_x|resource_missing|payment_method",
        "amount=100&currency=xx||currency",
        "amount=100&currency=eur&confirm=perhaps||confirm",
        "amount=100&currency=eur&error_on_requires_action=true||error_on_requires_action",
        "amount=100&currency=eur&confirm=true|parameter_missing|payment_method",
      })
  void anErrorContainsTheInvalidParameter(String form, String code, String param) throws Exception {
    var response =
        sandbox.raw(
            sandbox
                .request("/v1/payment_intents")
                .header("Authorization", "Bearer " + RunningSandbox.API_KEY)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("\"param\":\"" + param + "\"");
    if (code != null) {
      assertThat(response.body()).contains("\"code\":\"" + code + "\"");
    }
  }

  @ParameterizedTest
  @CsvSource({"1230, kwd", "15000, isk", "150, mga", "50, jpy"})
  void amountsOfCurrenciesWithOtherDecimalsAreCharged(long amount, String currency)
      throws StripeException {
    var params = RunningSandbox.params("life-decimals", amount, "pm_card_visa");

    var created =
        sandbox.stripe().v1().paymentIntents().create(params.setCurrency(currency).build());

    assertThat(created.getAmount()).isEqualTo(amount);
  }

  @Test
  void aPaymentMethodThatWasUsedBeforeIsRefusedWithoutCode() throws StripeException {
    var atCreate =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> sandbox.create("life-used", 500, "pm_card_visa_usedBefore"));
    assertThat(atCreate.getStatusCode()).isEqualTo(400);
    assertThat(atCreate.getCode()).isNull();
    assertThat(atCreate.getStripeError().getType()).isEqualTo("invalid_request_error");

    var open = sandbox.create("life-used", 500, "pm_card_visa_usedMeanwhile");
    var atConfirm =
        catchThrowableOfType(InvalidRequestException.class, () -> sandbox.confirm(open.getId()));
    assertThat(atConfirm.getStatusCode()).isEqualTo(400);
    assertThat(sandbox.stripe().v1().paymentIntents().retrieve(open.getId()).getStatus())
        .isEqualTo("requires_confirmation");
  }

  @Test
  void unknownObjectsAndUrlsAre404() {
    var missing =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> sandbox.stripe().v1().paymentIntents().retrieve("pi_none"));
    assertThat(missing.getStatusCode()).isEqualTo(404);
    assertThat(missing.getCode()).isEqualTo("resource_missing");
    assertThatThrownBy(() -> sandbox.stripe().v1().customers().retrieve("cus_1"))
        .hasMessageContaining("Unrecognized request URL");
  }

  @Test
  void theApiKeyIsRequired() throws Exception {
    var otherKey =
        com.stripe.StripeClient.builder().setApiKey("sk_other").setApiBase(sandbox.base).build();
    assertThatThrownBy(() -> otherKey.v1().paymentIntents().retrieve("pi_1"))
        .isInstanceOf(AuthenticationException.class);
    var withoutKey = sandbox.raw(sandbox.request("/v1/payment_intents"));
    assertThat(withoutKey.statusCode()).isEqualTo(401);
    assertThat(withoutKey.headers().firstValue("Request-Id")).isPresent();
    var basic = Base64.getEncoder().encodeToString((RunningSandbox.API_KEY + ":").getBytes(UTF_8));
    assertThat(
            sandbox
                .raw(
                    sandbox
                        .request("/v1/payment_intents")
                        .header("Authorization", "Basic " + basic))
                .statusCode())
        .isEqualTo(200);
    PaymentIntent intent = sandbox.create("auth", 100, "pm_card_visa");
    assertThat(intent.getClientSecret()).startsWith(intent.getId());
  }

  @Test
  void itIsReady() {
    assertThat(sandbox.get("/readyz").get("status").asString()).isEqualTo("UP");
  }

  @Test
  void theServingPortHasNoActuator() throws Exception {
    for (var path : List.of("/actuator", "/actuator/metrics", "/actuator/health/readiness")) {
      assertThat(sandbox.raw(sandbox.request(path)).statusCode()).as(path).isEqualTo(404);
    }
  }
}
