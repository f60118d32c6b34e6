package shop.payment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.common.money.Money;

/**
 * A PSP for simulations, with only those properties of keys and states that Stripe documents. A
 * bounded number of calls lose their request or response, are executed late, or end in a stored
 * error.
 */
final class SimulatedPsp implements PaymentProvider {

  private static final Logger log = LoggerFactory.getLogger(SimulatedPsp.class);
  private static final Object STORED_ERROR = new Object();

  private static final Duration MAX_CALL_DURATION = Duration.ofSeconds(20);

  /** A call that its client has timed out; it is executed by the deadline. */
  record LateCall(Instant deadline, Runnable call) {}

  final Map<String, IntentState> intents = new LinkedHashMap<>();
  final List<ProviderRefund> refunds = new ArrayList<>();
  final List<LateCall> lateCalls = new ArrayList<>();
  int charges;

  /** True if it rejects all refunds. */
  boolean rejectsRefunds;

  /** The number of refunds that it has rejected. */
  int refused;

  /** True if it accepts the payment method in some calls only, as when it is used elsewhere. */
  boolean refusesMethodSometimes;

  private final Map<String, Object> keys = new HashMap<>();
  private final Random random;
  private final Runnable beforeStep;
  private final Clock clock;
  private final boolean declines;
  private int faults;

  SimulatedPsp(Random random, Runnable beforeStep, Clock clock, boolean declines, int faults) {
    this.random = random;
    this.beforeStep = beforeStep;
    this.clock = clock;
    this.declines = declines;
    this.faults = faults;
  }

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public IntentCreation create(PaymentTask.Pay order, int attempt) {
    return call(
        "create/" + attempt,
        () -> {
          if (refusesMethod()) {
            return new IntentCreation.Declined("resource_missing");
          }
          String id = "pi_" + (intents.size() + 1);
          intents.put(id, new IntentState.Open());
          return new IntentCreation.Created(id);
        });
  }

  private boolean refusesMethod() {
    return refusesMethodSometimes && random.nextBoolean();
  }

  @Override
  public IntentState confirm(Intent intent, int attempt) {
    var state = confirmOnly(intent, attempt);
    if (!(state instanceof IntentState.Open)) {
      return state;
    }
    var canceled = cancel(intent);
    return canceled instanceof IntentState.Canceled
        ? new IntentState.Declined("payment_method_unusable")
        : canceled;
  }

  /** The state is {@link IntentState.Open} if the payment method was refused. */
  private IntentState confirmOnly(Intent intent, int attempt) {
    return call(
        "confirm/" + intent.id() + "/" + attempt,
        () -> {
          if (intents.get(intent.id()) instanceof IntentState.Open && refusesMethod()) {
            return new IntentState.Open();
          }
          if (intents.get(intent.id()) instanceof IntentState.Open) {
            charges += declines ? 0 : 1;
            intents.put(
                intent.id(),
                declines ? new IntentState.Declined("no") : new IntentState.Succeeded());
          }
          return intents.get(intent.id());
        });
  }

  @Override
  public IntentState find(Intent intent) {
    return call(null, () -> intents.get(intent.id()));
  }

  @Override
  public IntentState cancel(Intent intent) {
    return call(
        null,
        () -> {
          if (!(intents.get(intent.id()) instanceof IntentState.Succeeded)) {
            intents.put(intent.id(), new IntentState.Canceled());
          }
          return intents.get(intent.id());
        });
  }

  @Override
  public RefundState refund(Intent intent, Refund refund) {
    return call(
        "refund/" + refund.id() + "/" + refund.attempt(),
        () -> {
          if (rejectsRefunds || !fits(refund.amount(), intent.amount())) {
            refused++;
            return new RefundState.Rejected(rejectsRefunds ? "charge_disputed" : "too much");
          }
          return make(refund.id().toString(), refund.amount());
        });
  }

  /** Makes a refund as in the PSP's dashboard, if the charge's remainder suffices. */
  void refundByHand(Money part, Money whole) {
    if (fits(part, whole)) {
      log.trace("Refund by hand: {}", make(null, part));
    }
  }

  /** Lets a refund that has succeeded fail: the customer's bank sends the amount back. */
  void failLater(String id) {
    refunds.replaceAll(refund ->
        refund.id().equals(id)
            ? new ProviderRefund(
                id,
                refund.refundId(),
                refund.amount(),
                new RefundState.Failed("expired_or_canceled_card"))
            : refund);
  }

  /** The sum of all refunds that have not failed. */
  long refunded() {
    return refunds.stream()
        .filter(refund -> refund.state() instanceof RefundState.Succeeded)
        .mapToLong(refund -> refund.amount().amount())
        .sum();
  }

  private boolean fits(Money part, Money whole) {
    return part.amount() <= charges * whole.amount() - refunded();
  }

  private RefundState make(String refundId, Money amount) {
    var state = new RefundState.Succeeded("re_" + (refunds.size() + 1));
    refunds.add(new ProviderRefund(state.id(), refundId, amount, state));
    return state;
  }

  @Override
  public List<ProviderRefund> refunds(Intent intent) {
    return call(null, () -> List.copyOf(refunds));
  }

  @Override
  public Duration maxCallDuration() {
    return MAX_CALL_DURATION;
  }

  private <T> T call(String key, Supplier<T> work) {
    beforeStep.run();
    T response =
        switch (faults > 0 ? random.nextInt(12) : 12) {
          case 0 -> throw fault();
          case 1 -> {
            execute(key, work);
            throw fault();
          }
          case 2 -> {
            lateCalls.add(
                new LateCall(clock.instant().plus(MAX_CALL_DURATION), () -> execute(key, work)));
            throw fault();
          }
          case 3 -> {
            if (key != null) {
              keys.putIfAbsent(key, STORED_ERROR);
            }
            throw fault();
          }
          case 4 -> {
            T lostResponse = key == null || !keys.containsKey(key) ? work.get() : null;
            log.trace("Lost response: {}", lostResponse);
            if (key != null) {
              keys.putIfAbsent(key, STORED_ERROR);
            }
            throw fault();
          }
          default -> execute(key, work);
        };
    beforeStep.run();
    return response;
  }

  @SuppressWarnings("unchecked")
  private <T> T execute(String key, Supplier<T> work) {
    Object stored = key == null ? null : keys.get(key);
    if (STORED_ERROR.equals(stored)) {
      throw new ProviderFailure.ReplayedError("stored", null);
    }
    if (stored != null) {
      return (T) stored;
    }
    T response = work.get();
    if (key != null) {
      keys.put(key, response);
    }
    return response;
  }

  private ProviderFailure fault() {
    faults--;
    return new ProviderFailure.OutcomeUnknown("lost", null);
  }
}
