package shop.payment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PSP for simulations: what Stripe promises about keys and states and no more. Calls get lost on
 * the way there or back, come late, or end in an error that is stored; how often is bounded.
 */
final class ModelPsp implements PaymentProvider {

  private static final Logger LOG = LoggerFactory.getLogger(ModelPsp.class);
  private static final Object STORED_ERROR = new Object();

  /** Money that went back. */
  record Made(UUID refundId, String pspId, long amount) {}

  final Map<String, IntentState> intents = new LinkedHashMap<>();
  final List<Made> refunds = new ArrayList<>();
  final List<Runnable> late = new ArrayList<>();
  int charges;

  private final Map<String, Object> keys = new HashMap<>();
  private final Random random;
  private final Runnable turn;
  private final boolean declines;
  private int faults;

  ModelPsp(Random random, Runnable turn, boolean declines, int faults) {
    this.random = random;
    this.turn = turn;
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
        () -> {
          long left =
              charges * intent.amount().amount() - refunds.stream().mapToLong(Made::amount).sum();
          if (refund.amount().amount() > left) {
            return new RefundState.Refused("too much");
          }
          var made = new Made(refund.id(), "re_" + (refunds.size() + 1), refund.amount().amount());
          refunds.add(made);
          return new RefundState.Succeeded(made.pspId());
        });
  }

  @Override
  public Optional<RefundState> findRefund(Intent intent, UUID refundId) {
    return call(
        null,
        () ->
            refunds.stream()
                .filter(made -> made.refundId().equals(refundId))
                .findFirst()
                .map(made -> new RefundState.Succeeded(made.pspId())));
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
            late.add(() -> done(key, work));
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
