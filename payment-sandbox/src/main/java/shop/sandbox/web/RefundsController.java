package shop.sandbox.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.sandbox.Fact;
import shop.sandbox.PaymentIntent;
import shop.sandbox.Refund;
import shop.sandbox.SandboxSettings;
import shop.sandbox.StripeError;
import shop.sandbox.fault.Operation;
import shop.sandbox.ledger.LedgerState;
import shop.sandbox.web.CallPipeline.Command;
import shop.sandbox.web.CallPipeline.Result;

/** {@code /v1/refunds}; the refunds of an intent never exceed the captured amount. */
@RestController
@RequestMapping("/v1/refunds")
class RefundsController {

  private static final String URL = "/v1/refunds";
  private static final Set<String> REASONS =
      Set.of("duplicate", "fraudulent", "requested_by_customer");

  private final CallPipeline pipeline;
  private final LedgerState state;
  private final Ids ids;
  private final Clock clock;
  private final Duration pendingTime;

  RefundsController(
      CallPipeline pipeline, LedgerState state, Ids ids, Clock clock, SandboxSettings settings) {
    this.pipeline = pipeline;
    this.state = state;
    this.ids = ids;
    this.clock = clock;
    this.pendingTime = settings.bankDebitTime();
  }

  @PostMapping
  void create(HttpServletRequest request, HttpServletResponse response) throws IOException {
    pipeline.change(Operation.REFUND, null, request, response, this::refundCommand);
  }

  private Command refundCommand(Form form) {
    var intentId = intentOf(form);
    var refundRequest =
        new Refund.Request(
            form.amount("amount"), form.oneOf("reason", REASONS).orElse(null), form.metadata());
    return new Command(
        intentId,
        () -> {
          var intent =
              state
                  .intent(intentId)
                  .orElseThrow(
                      () -> StripeError.missing("payment_intent", intentId, "payment_intent", 404));
          var refund = Refund.of(intent, refundRequest, ids.refund(), clock.instant(), pendingTime);
          return new Result(
              List.of(new Fact.Refunded(refund.created(), refund)), StripeJson.ok(json(refund)));
        });
  }

  private static String intentOf(Form form) {
    var charge = form.text("charge");
    if (charge == null) {
      return form.required("payment_intent");
    }
    if (form.text("payment_intent") != null) {
      throw StripeError.badParameter(
          null, "You may only specify one of these parameters: charge, payment_intent.", "charge");
    }
    var intent = PaymentIntent.ofCharge(charge);
    if (intent == null) {
      throw StripeError.missing("charge", charge, "charge", 404);
    }
    return intent;
  }

  @GetMapping("/{id}")
  void retrieve(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    pipeline.read(
        state.refund(id).map(Refund::intent).orElse(null),
        request,
        response,
        form -> {
          form.rejectUnknown();
          var refund =
              state.refund(id).orElseThrow(() -> StripeError.missing("refund", id, "id", 404));
          return StripeJson.ok(json(refund));
        });
  }

  @GetMapping
  void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
    pipeline.read(null, request, response, this::page);
  }

  private StoredResponse page(Form form) {
    var intent = form.text("payment_intent");
    return Pages.page(
        form,
        URL,
        intent == null ? state.refundIds() : state.refundIdsOf(intent),
        id -> state.refund(id).orElseThrow(),
        this::json);
  }

  private Map<String, @Nullable Object> json(Refund refund) {
    return StripeJson.refund(refund, clock.instant());
  }
}
