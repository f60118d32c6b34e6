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
import shop.sandbox.Charging;
import shop.sandbox.Fact;
import shop.sandbox.PaymentIntent;
import shop.sandbox.StripeError;
import shop.sandbox.fault.FaultRule.Call;
import shop.sandbox.fault.Faults;
import shop.sandbox.fault.Faults.AtWork;
import shop.sandbox.fault.Faults.Before;
import shop.sandbox.fault.Operation;
import shop.sandbox.ledger.Books;
import shop.sandbox.ledger.Ledger;

/**
 * The way of every call: faults on the line, parameters, idempotency key, the intent's lock, the
 * work, faults around the work, one durable step in the ledger, the answer.
 */
final class CallPipeline {

  private static final int MAX_KEY_LENGTH = 255;

  private final Books books;
  private final Ledger ledger;
  private final IdempotencyKeys keys;
  private final Faults faults;
  private final ResponseWriter line;
  private final Clock clock;
  private final IntentLocks locks = new IntentLocks();

  CallPipeline(
      Books books,
      Ledger ledger,
      IdempotencyKeys keys,
      Faults faults,
      ResponseWriter line,
      Clock clock) {
    this.books = books;
    this.ledger = ledger;
    this.keys = keys;
    this.faults = faults;
    this.line = line;
    this.clock = clock;
  }

  /** What a change comes to: facts to be kept, and the answer that they justify. */
  record Outcome(List<Fact> facts, StoredResponse answer) {
    boolean captures() {
      return facts.stream().anyMatch(Fact.Captured.class::isInstance);
    }
  }

  /** A change whose parameters are in order; decides under the lock of its intent. */
  record Change(@Nullable String intent, Supplier<Outcome> work) {}

  /** Answers a call that changes something. */
  void change(
      Operation operation,
      @Nullable String intent,
      HttpServletRequest request,
      HttpServletResponse response,
      Function<Form, Change> prepare)
      throws IOException {
    line.answer(
        request,
        response,
        () -> {
          var form = Form.of(request);
          var order = order(intent, form);
          meetFaults(new Call(operation, order, false), request);
          var change = prepare.apply(form);
          form.rejectUnknown();
          var key = request.getHeader("Idempotency-Key");
          return key == null || key.isEmpty()
              ? run(operation, order, change, null)
              : keyed(operation, order, change, request, response, form, key);
        });
  }

  /** Answers a call that only reads. */
  void read(
      @Nullable String intent,
      HttpServletRequest request,
      HttpServletResponse response,
      Function<Form, StoredResponse> read)
      throws IOException {
    line.answer(
        request,
        response,
        () -> {
          var form = Form.of(request);
          var order = order(intent, form);
          meetFaults(new Call(Operation.RETRIEVE, order, false), request);
          return run(
              Operation.RETRIEVE,
              order,
              new Change(null, () -> new Outcome(List.of(), read.apply(form))),
              null);
        });
  }

  /** The intent as it is now, or 404. */
  PaymentIntent intent(String id) {
    return books
        .intent(id)
        .orElseThrow(() -> StripeError.missing("payment_intent", id, "intent", 404));
  }

  /** Lets bank debits come to their end whose time is over. */
  void settleDue() {
    for (var id : books.due(clock.instant())) {
      locks.hold(
          id,
          () -> {
            ledger.append(Charging.end(intent(id), clock.instant()));
            return id;
          });
    }
  }

  private StoredResponse keyed(
      Operation operation,
      @Nullable String order,
      Change change,
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
    var place = keys.claim(key);
    try {
      if (place.isPresent()) {
        var first = (Fact.KeyStored) ledger.read(place.get());
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
          change,
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
      Change change,
      @Nullable Function<StoredResponse, Fact> underKey) {
    faults.delay(new Call(operation, order, false));
    settleDue();
    var noAnswer = new ArrayList<AtWork.NoAnswer>(1);
    var answer =
        locks.hold(
            change.intent(),
            () -> {
              var outcome = attempt(change.work());
              var fault = faults.atWork(new Call(operation, order, outcome.captures()));
              if (fault.isPresent()) {
                switch (fault.get()) {
                  case AtWork.FailInstead() -> outcome = new Outcome(List.of(), failed());
                  case AtWork.FailAfter() -> outcome = new Outcome(outcome.facts(), failed());
                  case AtWork.NoAnswer silence -> noAnswer.add(silence);
                }
              }
              var step = new ArrayList<>(outcome.facts());
              if (underKey != null) {
                step.add(underKey.apply(outcome.answer()));
              }
              ledger.append(step);
              return outcome.answer();
            });
    for (var silence : noAnswer) {
      silence.silence().run();
      throw new ResponseWriter.Cut(false);
    }
    return answer;
  }

  private static Outcome attempt(Supplier<Outcome> work) {
    try {
      return work.get();
    } catch (StripeError e) {
      return new Outcome(List.of(), StripeJson.error(e));
    }
  }

  private @Nullable String order(@Nullable String intent, Form form) {
    var named = intent == null ? form.peek("payment_intent") : intent;
    var charge = form.peek("charge");
    if (named == null && charge != null) {
      named = PaymentIntent.ofCharge(charge);
    }
    return named == null
        ? form.peek("metadata[" + PaymentIntent.ORDER_ID + "]")
        : books.intent(named).map(PaymentIntent::orderId).orElse(null);
  }

  private void meetFaults(Call call, HttpServletRequest request) {
    faults
        .before(call)
        .ifPresent(fault -> {
          throw switch (fault) {
            case Before.RateLimited() -> StripeError.rateLimit();
            case Before.Down() ->
                StripeError.provider(503, "The sandbox is down, as its fault rules say.");
            case Before.Conflicting() ->
                IdempotencyKeys.inUse(String.valueOf(request.getHeader("Idempotency-Key")));
            case Before.Reset() -> new ResponseWriter.Cut(true);
          };
        });
  }

  private static StoredResponse failed() {
    return StripeJson.error(
        StripeError.provider(500, "The sandbox failed, as its fault rules say."));
  }
}
