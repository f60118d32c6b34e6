package shop.sandbox.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.sandbox.AmountRules;
import shop.sandbox.ChargeAttempt;
import shop.sandbox.Fact;
import shop.sandbox.PaymentIntent;
import shop.sandbox.SandboxSettings;
import shop.sandbox.StripeError;
import shop.sandbox.TestPaymentMethod;
import shop.sandbox.fault.Operation;
import shop.sandbox.ledger.LedgerState;
import shop.sandbox.web.CallPipeline.Command;
import shop.sandbox.web.CallPipeline.Result;

/** The subset of {@code /v1/payment_intents} that a shop needs. */
@RestController
@RequestMapping("/v1/payment_intents")
class PaymentIntentsController {

  private static final Set<String> CAPTURE_METHODS =
      Set.of("automatic", "automatic_async", "manual");
  private static final Set<String> CANCELLATION_REASONS =
      Set.of("duplicate", "fraudulent", "requested_by_customer", "abandoned");

  private final CallPipeline pipeline;
  private final LedgerState state;
  private final Ids ids;
  private final Clock clock;
  private final Duration debitTime;

  PaymentIntentsController(
      CallPipeline pipeline, LedgerState state, Ids ids, Clock clock, SandboxSettings settings) {
    this.pipeline = pipeline;
    this.state = state;
    this.ids = ids;
    this.clock = clock;
    this.debitTime = settings.bankDebitTime();
  }

  @PostMapping
  void create(HttpServletRequest request, HttpServletResponse response) throws IOException {
    pipeline.change(Operation.CREATE, null, request, response, this::createCommand);
  }

  private Command createCommand(Form form) {
    long amount = form.requiredAmount("amount");
    var currency = form.currency();
    AmountRules.check(amount, currency);
    var method = form.paymentMethod();
    var manual = form.oneOf("capture_method", CAPTURE_METHODS).filter("manual"::equals).isPresent();
    var metadata = form.metadata();
    var description = form.text("description");
    var confirm = form.flag("confirm");
    var errorOnAction = form.flag("error_on_requires_action");
    form.ignore("payment_method_types", "automatic_payment_methods", "off_session");
    if (errorOnAction && !confirm) {
      throw StripeError.badParameter(
          null,
          "`error_on_requires_action` can only be set when `confirm` is true.",
          "error_on_requires_action");
    }
    if (confirm && method == null) {
      throw StripeError.badParameter(
          "parameter_missing",
          "You cannot confirm this PaymentIntent because it's missing a payment method.",
          "payment_method");
    }
    if (method == TestPaymentMethod.USED_BEFORE) {
      throw StripeError.usedPaymentMethod();
    }
    return new Command(
        null,
        () -> {
          var created =
              new Fact.Created(
                  clock.instant(),
                  ids.intent(),
                  amount,
                  currency,
                  manual,
                  method == null ? null : method.id(),
                  metadata,
                  description);
          var intent = PaymentIntent.of(created);
          var facts = new ArrayList<Fact>(List.of(created));
          if (!confirm) {
            return new Result(facts, StripeJson.ok(StripeJson.intent(intent)));
          }
          var rest =
              new ChargeAttempt(method, manual, errorOnAction, debitTime)
                  .confirm(intent, clock.instant());
          facts.addAll(rest);
          return new Result(facts, response(intent, rest));
        });
  }

  @GetMapping("/{id}")
  void retrieve(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    pipeline.read(
        id,
        request,
        response,
        form -> {
          form.rejectUnknown();
          return StripeJson.ok(StripeJson.intent(pipeline.intent(id)));
        });
  }

  @GetMapping
  void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
    pipeline.read(
        null,
        request,
        response,
        form ->
            Pages.page(
                form,
                "/v1/payment_intents",
                state.intentIds(),
                id -> state.intent(id).orElseThrow(),
                StripeJson::intent));
  }

  @PostMapping("/{id}/confirm")
  void confirm(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    pipeline.change(
        Operation.CONFIRM,
        id,
        request,
        response,
        form -> {
          var newMethod = form.paymentMethod();
          var errorOnAction = form.flag("error_on_requires_action");
          var capture = form.oneOf("capture_method", CAPTURE_METHODS);
          form.ignore("off_session", "return_url", "payment_method_types");
          return command(
              id,
              intent ->
                  new ChargeAttempt(
                          newMethod == null ? methodOf(intent) : newMethod,
                          capture.map("manual"::equals).orElse(intent.manualCapture()),
                          errorOnAction,
                          debitTime)
                      .confirm(intent, clock.instant()));
        });
  }

  @PostMapping("/{id}/capture")
  void capture(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    pipeline.change(
        Operation.CAPTURE,
        id,
        request,
        response,
        form -> {
          var amount = form.amount("amount_to_capture");
          return command(id, intent -> intent.capture(clock.instant(), amount));
        });
  }

  @PostMapping("/{id}/cancel")
  void cancel(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    pipeline.change(
        Operation.CANCEL,
        id,
        request,
        response,
        form -> {
          var reason = form.oneOf("cancellation_reason", CANCELLATION_REASONS).orElse(null);
          return command(id, intent -> intent.cancel(clock.instant(), reason));
        });
  }

  private Command command(String id, Function<PaymentIntent, List<Fact>> decide) {
    return new Command(
        id,
        () -> {
          var intent = pipeline.intent(id);
          var facts = decide.apply(intent);
          return new Result(facts, response(intent, facts));
        });
  }

  private static StoredResponse response(PaymentIntent before, List<Fact> facts) {
    var after = before;
    for (var fact : facts) {
      after = after.after(fact);
    }
    return facts.getLast() instanceof Fact.Declined decline
        ? StripeJson.declined(after, decline)
        : StripeJson.ok(StripeJson.intent(after));
  }

  private static @Nullable TestPaymentMethod methodOf(PaymentIntent intent) {
    return intent.paymentMethod() == null
        ? null
        : TestPaymentMethod.of(intent.paymentMethod()).orElseThrow();
  }
}
