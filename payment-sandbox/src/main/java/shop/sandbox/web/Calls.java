package shop.sandbox.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.sandbox.Fact;
import shop.sandbox.PaymentIntent;
import shop.sandbox.StripeError;
import shop.sandbox.fault.Connections;
import shop.sandbox.fault.FaultRule.Call;
import shop.sandbox.fault.Faults;
import shop.sandbox.fault.Faults.AtWork;
import shop.sandbox.fault.Faults.Before;
import shop.sandbox.fault.Operation;
import shop.sandbox.ledger.Books;
import shop.sandbox.ledger.Ledger;
import shop.sandbox.ledger.LedgerUnavailable;

/**
 * The way of every call: faults on the line, parameters, idempotency key, the intent's lock, the
 * work, faults around the work, one durable step in the ledger, the answer.
 */
final class Calls {

  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
  private static final int MAX_KEY_LENGTH = 255;

  private final Books books;
  private final Ledger ledger;
  private final IdempotencyKeys keys;
  private final Faults faults;
  private final Connections connections;
  private final Clock clock;
  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(1024).toArray(ReentrantLock[]::new);

  Calls(
      Books books,
      Ledger ledger,
      IdempotencyKeys keys,
      Faults faults,
      Connections connections,
      Clock clock) {
    this.books = books;
    this.ledger = ledger;
    this.keys = keys;
    this.faults = faults;
    this.connections = connections;
    this.clock = clock;
  }

  /** What a change comes to: facts to be kept, and the answer that they justify. */
  record Outcome(List<Fact> facts, Answer answer) {
    boolean captures() {
      return facts.stream().anyMatch(Fact.Captured.class::isInstance);
    }
  }

  /** A change whose parameters are in order; decides under the lock of its intent. */
  record Change(@Nullable String intent, Supplier<Outcome> work) {}

  /** A connection that shall end without an answer. */
  private static final class Cut extends RuntimeException {
    final boolean reset;

    Cut(boolean reset) {
      super(null, null, false, false);
      this.reset = reset;
    }
  }

  /** Answers a call that changes something. */
  void change(
      Operation operation,
      @Nullable String intent,
      HttpServletRequest request,
      HttpServletResponse response,
      Function<Form, Change> prepare)
      throws IOException {
    answer(
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
      Function<Form, Answer> read)
      throws IOException {
    answer(
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
      locked(
          id,
          () -> {
            ledger.append(intent(id).settle(clock.instant()));
            return id;
          });
    }
  }

  private Answer keyed(
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
        return new Answer(first.status(), first.body());
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

  private Answer run(
      Operation operation,
      @Nullable String order,
      Change change,
      @Nullable Function<Answer, Fact> underKey) {
    faults.delay(new Call(operation, order, false));
    settleDue();
    var noAnswer = new ArrayList<AtWork.NoAnswer>(1);
    var answer =
        locked(
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
      throw new Cut(false);
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

  private <T> T locked(@Nullable String intent, Supplier<T> work) {
    if (intent == null) {
      return work.get();
    }
    var lock = locks[Math.floorMod(intent.hashCode(), locks.length)];
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
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
            case Before.Reset() -> new Cut(true);
          };
        });
  }

  private static Answer failed() {
    return StripeJson.error(
        StripeError.provider(500, "The sandbox failed, as its fault rules say."));
  }

  private void answer(
      HttpServletRequest request, HttpServletResponse response, Supplier<Answer> call)
      throws IOException {
    Answer answer;
    try {
      answer = call.get();
    } catch (Cut cut) {
      connections.cut(request, cut.reset);
      return;
    } catch (StripeError e) {
      answer = StripeJson.error(e);
    } catch (LedgerUnavailable e) {
      LOG.error("The ledger refused a step", e);
      answer = StripeJson.error(StripeError.provider(500, "The sandbox's ledger is unavailable."));
    } catch (RuntimeException e) {
      LOG.error("A call ended in an error of the sandbox itself", e);
      answer = StripeJson.error(StripeError.provider(500, "The sandbox failed; its log says why."));
    }
    send(response, answer);
  }

  static void send(HttpServletResponse response, Answer answer) throws IOException {
    var body = answer.body().getBytes(StandardCharsets.UTF_8);
    response.setStatus(answer.status());
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
