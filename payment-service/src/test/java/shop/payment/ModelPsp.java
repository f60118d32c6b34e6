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
 * A PSP for simulations: what Stripe promises about keys and states and no more. Calls get lost on
 * the way there or back, come late, or end in an error that is stored; how often is bounded.
 */
final class ModelPsp implements PaymentProvider {

  private static final Logger LOG = LoggerFactory.getLogger(ModelPsp.class);
  private static final Object STORED_ERROR = new Object();

  private static final Duration LONGEST_CALL = Duration.ofSeconds(20);

  /** A call that nobody waits for any more; it comes to its end by then. */
  record Late(Instant by, Runnable call) {}

  final Map<String, IntentState> intents = new LinkedHashMap<>();
  final List<ProviderRefund> refunds = new ArrayList<>();
  final List<Late> late = new ArrayList<>();
  int charges;

  /** True if it gives nothing back. */
  boolean refuses;

  private final Map<String, Object> keys = new HashMap<>();
  private final Random random;
  private final Runnable turn;
  private final Clock clock;
  private final boolean declines;
  private int faults;

  ModelPsp(Random random, Runnable turn, Clock clock, boolean declines, int faults) {
    this.random = random;
    this.turn = turn;
    this.clock = clock;
    this.declines = declines;
    this.faults = faults;
  }

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public String create(Due due, int attempt) {
    return call(
        "create/" + attempt,
        () -> {
          String id = "pi_" + (intents.size() + 1);
          intents.put(id, new IntentState.Open());
          return id;
        });
  }

  @Override
  public IntentState confirm(Intent intent, int attempt) {
    IntentState answer =
        call(
            "confirm/" + intent.id() + "/" + attempt,
            () -> {
              if (intents.get(intent.id()) instanceof IntentState.Open) {
                charges += declines ? 0 : 1;
                intents.put(
                    intent.id(),
                    declines ? new IntentState.Declined("no") : new IntentState.Succeeded());
              }
              return intents.get(intent.id());
            });
    return answer;
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
        () ->
            refuses || !fits(refund.amount(), intent.amount())
                ? new RefundState.Refused("too much")
                : make(refund.id().toString(), refund.amount()));
  }

  /** Somebody gives money back in the PSP's dashboard, if so much is left. */
  void byHand(Money part, Money whole) {
    if (fits(part, whole)) {
      LOG.trace("By hand: {}", make(null, part));
    }
  }

  /** What went back in all. */
  long refunded() {
    return refunds.stream().mapToLong(made -> made.amount().amount()).sum();
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
  public Duration longestCall() {
    return LONGEST_CALL;
  }

  private <T> T call(String key, Supplier<T> work) {
    turn.run();
    T answer =
        switch (faults > 0 ? random.nextInt(12) : 12) {
          case 0 -> throw lost();
          case 1 -> {
            done(key, work);
            throw lost();
          }
          case 2 -> {
            late.add(new Late(clock.instant().plus(LONGEST_CALL), () -> done(key, work)));
            throw lost();
          }
          case 3 -> {
            if (key != null) {
              keys.putIfAbsent(key, STORED_ERROR);
            }
            throw lost();
          }
          case 4 -> {
            T unheard = key == null || !keys.containsKey(key) ? work.get() : null;
            LOG.trace("Nobody hears {}", unheard);
            if (key != null) {
              keys.putIfAbsent(key, STORED_ERROR);
            }
            throw lost();
          }
          default -> done(key, work);
        };
    turn.run();
    return answer;
  }

  @SuppressWarnings("unchecked")
  private <T> T done(String key, Supplier<T> work) {
    Object stored = key == null ? null : keys.get(key);
    if (STORED_ERROR.equals(stored)) {
      throw new ProviderFailure.Spent("stored", null);
    }
    if (stored != null) {
      return (T) stored;
    }
    T answer = work.get();
    if (key != null) {
      keys.put(key, answer);
    }
    return answer;
  }

  private ProviderFailure lost() {
    faults--;
    return new ProviderFailure.Unanswered("lost", null);
  }
}
