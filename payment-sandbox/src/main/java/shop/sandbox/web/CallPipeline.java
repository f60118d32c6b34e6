package shop.sandbox.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import shop.sandbox.ChargeAttempt;
import shop.sandbox.Fact;
import shop.sandbox.PaymentIntent;
import shop.sandbox.StripeError;
import shop.sandbox.fault.FaultRule.Call;
import shop.sandbox.fault.Faults;
import shop.sandbox.fault.Faults.ExecutionFault;
import shop.sandbox.fault.Faults.Rejection;
import shop.sandbox.fault.Operation;
import shop.sandbox.ledger.Ledger;
import shop.sandbox.ledger.LedgerState;

/**
 * Processes every call in this order: faults that reject it, parameters, idempotency key, the
 * intent's lock, the operation, faults during its execution, one durable append to the ledger, the
 * response.
 */
final class CallPipeline {

  private static final int MAX_KEY_LENGTH = 255;

  private final LedgerState state;
  private final Ledger ledger;
  private final IdempotencyKeys keys;
  private final Faults faults;
  private final ResponseWriter responses;
  private final Clock clock;
  private final IntentLocks locks = new IntentLocks();

  CallPipeline(
      LedgerState state,
      Ledger ledger,
      IdempotencyKeys keys,
      Faults faults,
      ResponseWriter responses,
      Clock clock) {
    this.state = state;
    this.ledger = ledger;
    this.keys = keys;
    this.faults = faults;
    this.responses = responses;
    this.clock = clock;
  }

  /** The result of an operation: the facts to append, and the response. */
  record Result(List<Fact> facts, StoredResponse response) {
    boolean captures() {
      return facts.stream().anyMatch(Fact.Captured.class::isInstance);
    }
  }

  /**
   * A state-changing operation with valid parameters; {@code operation} runs under the intent's
   * lock.
   */
  record Command(@Nullable String intent, Supplier<Result> operation) {}

  /** Processes a call that changes state. */
  void change(
      Operation operation,
      @Nullable String intent,
      HttpServletRequest request,
      HttpServletResponse response,
      Function<Form, Command> prepare)
      throws IOException {
    responses.respond(
        request,
        response,
        () -> {
          var form = Form.of(request);
          var order = orderOf(intent, form);
          injectRejection(new Call(operation, order, false), request);
          var command = prepare.apply(form);
          form.rejectUnknown();
          var key = request.getHeader("Idempotency-Key");
          return key == null || key.isEmpty()
              ? run(operation, order, command, null)
              : runWithKey(operation, order, command, request, response, form, key);
        });
  }

  /** Processes a read-only call. */
  void read(
      @Nullable String intent,
      HttpServletRequest request,
      HttpServletResponse response,
      Function<Form, StoredResponse> read)
      throws IOException {
    responses.respond(
        request,
        response,
        () -> {
          var form = Form.of(request);
          var order = orderOf(intent, form);
          injectRejection(new Call(Operation.RETRIEVE, order, false), request);
          return run(
              Operation.RETRIEVE,
              order,
              new Command(null, () -> new Result(List.of(), read.apply(form))),
              null);
        });
  }

  /** Returns the current state of the intent, or throws 404. */
  PaymentIntent intent(String id) {
    return state
        .intent(id)
        .orElseThrow(() -> StripeError.missing("payment_intent", id, "intent", 404));
  }

  /** Settles the bank debits that are due. */
  void settleDueDebits() {
    for (var id : state.debitsDue(clock.instant())) {
      locks.withLock(
          id,
          () -> {
            ledger.append(ChargeAttempt.settleDebit(intent(id), clock.instant()));
            return id;
          });
    }
  }

  private StoredResponse runWithKey(
      Operation operation,
      @Nullable String order,
      Command command,
      HttpServletRequest request,
      HttpServletResponse response,
      Form form,
      String key) {
    if (key.length() > MAX_KEY_LENGTH) {
      throw StripeError.idempotency(
          400, null, "Idempotency keys have at most %d characters.".formatted(MAX_KEY_LENGTH));
    }
    response.setHeader("Idempotency-Key", key);
    var endpoint = request.getRequestURI();
    var fingerprint = form.fingerprint(endpoint);
    var stored = keys.claim(key);
    try {
      if (stored.isPresent()) {
        var first = stored.get();
        IdempotencyKeys.requireSame(first, endpoint, fingerprint);
        faults.delay(new Call(operation, order, false));
        response.setHeader("Idempotent-Replayed", "true");
        response.setHeader("Original-Request", first.requestId());
        return new StoredResponse(first.status(), first.body());
      }
      var id = String.valueOf(response.getHeader(StripeFilter.REQUEST_ID));
      return run(
          operation,
          order,
          command,
          a ->
              new Fact.KeyStored(
                  clock.instant(), key, fingerprint, endpoint, id, a.status(), a.body()));
    } finally {
      keys.release(key);
    }
  }

  private StoredResponse run(
      Operation operation,
      @Nullable String order,
      Command command,
      @Nullable Function<StoredResponse, Fact> keyRecord) {
    faults.delay(new Call(operation, order, false));
    settleDueDebits();
    var unanswered = new ArrayList<ExecutionFault.NoResponse>(1);
    var response =
        locks.withLock(
            command.intent(),
            () -> {
              var result = attempt(command.operation());
              var fault = faults.executionFault(new Call(operation, order, result.captures()));
              if (fault.isPresent()) {
                switch (fault.get()) {
                  case ExecutionFault.ErrorInstead() ->
                      result = new Result(List.of(), injectedError());
                  case ExecutionFault.ErrorAfter() ->
                      result = new Result(result.facts(), injectedError());
                  case ExecutionFault.NoResponse noResponse -> unanswered.add(noResponse);
                }
              }
              var facts = new ArrayList<>(result.facts());
              if (keyRecord != null) {
                facts.add(keyRecord.apply(result.response()));
              }
              ledger.append(facts);
              return result.response();
            });
    for (var noResponse : unanswered) {
      noResponse.hold().run();
      throw new ResponseWriter.ConnectionAborted(false);
    }
    return response;
  }

  private static Result attempt(Supplier<Result> operation) {
    try {
      return operation.get();
    } catch (StripeError e) {
      return new Result(List.of(), StripeJson.error(e));
    }
  }

  private @Nullable String orderOf(@Nullable String intent, Form form) {
    var intentId = intent == null ? form.peek("payment_intent") : intent;
    var charge = form.peek("charge");
    if (intentId == null && charge != null) {
      intentId = PaymentIntent.ofCharge(charge);
    }
    return intentId == null
        ? form.peek("metadata[" + PaymentIntent.ORDER_ID + "]")
        : state.intent(intentId).map(PaymentIntent::orderId).orElse(null);
  }

  private void injectRejection(Call call, HttpServletRequest request) {
    faults
        .rejection(call)
        .ifPresent(fault -> {
          throw switch (fault) {
            case Rejection.RateLimited() -> StripeError.rateLimit();
            case Rejection.Down() ->
                StripeError.provider(503, "The sandbox is down (injected by a fault rule).");
            case Rejection.KeyConflict() ->
                IdempotencyKeys.inUse(String.valueOf(request.getHeader("Idempotency-Key")));
            case Rejection.Reset() -> new ResponseWriter.ConnectionAborted(true);
          };
        });
  }

  private static StoredResponse injectedError() {
    return StripeJson.error(
        StripeError.provider(500, "The sandbox failed (injected by a fault rule)."));
  }
}
