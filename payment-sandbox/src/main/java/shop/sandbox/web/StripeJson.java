package shop.sandbox.web;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import shop.sandbox.Fact;
import shop.sandbox.IntentStatus;
import shop.sandbox.PaymentIntent;
import shop.sandbox.Refund;
import shop.sandbox.StripeError;
import shop.sandbox.TestPaymentMethod;
import tools.jackson.databind.json.JsonMapper;

/** Intents, refunds, lists and errors in Stripe's JSON format. */
final class StripeJson {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private StripeJson() {}

  static StoredResponse ok(Map<String, @Nullable Object> body) {
    return new StoredResponse(200, JSON.writeValueAsString(body));
  }

  static StoredResponse error(StripeError e) {
    var error = new LinkedHashMap<String, @Nullable Object>();
    error.put("type", e.type());
    put(error, "code", e.code());
    error.put("message", e.stripeMessage());
    put(error, "param", e.param());
    if (e.intent() != null) {
      error.put("payment_intent", intent(e.intent()));
    }
    return new StoredResponse(e.status(), JSON.writeValueAsString(Map.of("error", error)));
  }

  /** 402: the charge was declined; the intent is back in {@code requires_payment_method}. */
  static StoredResponse declined(PaymentIntent intent, Fact.Declined decline) {
    var error = cardError(intent, decline);
    error.put("payment_intent", intent(intent));
    return new StoredResponse(402, JSON.writeValueAsString(Map.of("error", error)));
  }

  static Map<String, @Nullable Object> intent(PaymentIntent i) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("id", i.id());
    json.put("object", "payment_intent");
    json.put("amount", i.amount());
    json.put("amount_capturable", i.amountCapturable());
    json.put("amount_received", i.amountReceived());
    json.put("canceled_at", seconds(i.canceledAt()));
    json.put("cancellation_reason", i.cancellationReason());
    json.put("capture_method", i.manualCapture() ? "manual" : "automatic");
    json.put("client_secret", i.id() + "_secret_sandbox");
    json.put("confirmation_method", "automatic");
    json.put("created", seconds(i.created()));
    json.put("currency", i.currency());
    json.put("description", i.description());
    json.put("last_payment_error", i.lastError() == null ? null : cardError(i, i.lastError()));
    json.put("latest_charge", i.charge());
    json.put("livemode", false);
    json.put("metadata", i.metadata());
    json.put(
        "next_action",
        i.status() == IntentStatus.REQUIRES_ACTION
            ? Map.of("type", "use_stripe_sdk", "use_stripe_sdk", Map.of())
            : null);
    json.put("payment_method", i.paymentMethod());
    json.put("payment_method_types", List.of("card", "us_bank_account"));
    json.put("status", i.status().wire());
    return json;
  }

  static Map<String, @Nullable Object> refund(Refund r, Instant now) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("id", r.id());
    json.put("object", "refund");
    json.put("amount", r.amount());
    json.put("balance_transaction", null);
    json.put("charge", r.charge());
    json.put("created", seconds(r.created()));
    json.put("currency", r.currency());
    put(json, "failure_reason", r.failureReason(now));
    json.put("metadata", r.metadata());
    json.put("payment_intent", r.intent());
    json.put("reason", r.reason());
    json.put("receipt_number", null);
    json.put("status", r.status(now));
    return json;
  }

  static Map<String, @Nullable Object> list(
      String url, List<Map<String, @Nullable Object>> data, boolean more) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("object", "list");
    json.put("data", data);
    json.put("has_more", more);
    json.put("url", url);
    return json;
  }

  private static Map<String, @Nullable Object> cardError(
      PaymentIntent intent, Fact.Declined decline) {
    var error = new LinkedHashMap<String, @Nullable Object>();
    error.put("type", "card_error");
    error.put("code", decline.code());
    put(error, "decline_code", decline.declineCode());
    error.put("message", decline.message());
    put(error, "charge", intent.charge());
    error.put(
        "payment_method",
        Map.of(
            "id",
            decline.paymentMethod(),
            "object",
            "payment_method",
            "type",
            TestPaymentMethod.of(decline.paymentMethod())
                .map(TestPaymentMethod::type)
                .orElse("card")));
    return error;
  }

  private static void put(Map<String, @Nullable Object> json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static @Nullable Long seconds(@Nullable Instant at) {
    return at == null ? null : at.getEpochSecond();
  }
}
