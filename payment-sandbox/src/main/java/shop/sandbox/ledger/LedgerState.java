package shop.sandbox.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import shop.sandbox.Fact;
import shop.sandbox.IntentStatus;
import shop.sandbox.PaymentIntent;
import shop.sandbox.Refund;

/** The state folded from the ledger's facts: current intents and refunds, and all transfers. */
public final class LedgerState implements FactListener {

  private static final Timeline NONE = new Timeline();

  private final Map<String, PaymentIntent> intents = new ConcurrentHashMap<>();
  private final Map<String, Refund> refunds = new ConcurrentHashMap<>();
  private final Map<String, Timeline> refundsOfIntent = new ConcurrentHashMap<>();
  private final Map<String, Instant> pending = new ConcurrentHashMap<>();
  private final Timeline intentIds = new Timeline();
  private final Timeline refundIds = new Timeline();
  private final Transfers transfers = new Transfers();

  @Override
  public void on(Fact fact, FileRange range) {
    switch (fact) {
      case Fact.Created f -> {
        intents.put(f.intent(), PaymentIntent.of(f));
        intentIds.add(f.intent());
      }
      case Fact.OfIntent f -> {
        var before = change(f.intent(), intent -> intent.after(f));
        post(f, before);
        var now = known(f.intent());
        if (now.settlesAt() == null) {
          pending.remove(now.id());
        } else {
          pending.put(now.id(), now.settlesAt());
        }
      }
      case Fact.Refunded f -> {
        var refund = f.refund();
        refunds.put(refund.id(), refund);
        refundIds.add(refund.id());
        refundsOfIntent.computeIfAbsent(refund.intent(), _ -> new Timeline()).add(refund.id());
        var intent = change(refund.intent(), i -> i.after(f));
        transfers.refund(f.at(), intent, refund.amount());
      }
      case Fact.KeyStored _ -> {}
    }
  }

  private void post(Fact.OfIntent fact, PaymentIntent before) {
    boolean held = before.manualCapture() && before.status() == IntentStatus.REQUIRES_CAPTURE;
    switch (fact) {
      case Fact.Confirmed f -> {
        if (f.manualCapture() && f.status() == IntentStatus.REQUIRES_CAPTURE) {
          transfers.hold(f.at(), before, before.amount());
        }
      }
      case Fact.Captured f -> {
        transfers.charge(f.at(), before, f.amount(), held);
        if (held && f.amount() < before.amount()) {
          transfers.release(f.at(), before, before.amount() - f.amount());
        }
      }
      case Fact.Canceled f -> {
        if (held) {
          transfers.release(f.at(), before, before.amount());
        }
      }
      case Fact.Created _, Fact.Declined _ -> {}
    }
  }

  private PaymentIntent change(String id, UnaryOperator<PaymentIntent> step) {
    var before = known(id);
    intents.put(id, step.apply(before));
    return before;
  }

  private PaymentIntent known(String id) {
    return intent(id)
        .orElseThrow(() -> new IllegalStateException("the ledger contains no intent " + id));
  }

  /** The current state of the intent. */
  public Optional<PaymentIntent> intent(String id) {
    return Optional.ofNullable(intents.get(id));
  }

  /** The refund with that id. */
  public Optional<Refund> refund(String id) {
    return Optional.ofNullable(refunds.get(id));
  }

  /** Ids of an intent's refunds in order of creation. */
  public Timeline refundIdsOf(String intent) {
    return refundsOfIntent.getOrDefault(intent, NONE);
  }

  /** Ids of all intents in order of creation. */
  public Timeline intentIds() {
    return intentIds;
  }

  /** Ids of all refunds in order of creation. */
  public Timeline refundIds() {
    return refundIds;
  }

  /** Intents whose bank debit is due to settle. */
  public List<String> debitsDue(Instant now) {
    return pending.isEmpty()
        ? List.of()
        : pending.entrySet().stream()
            .filter(e -> !now.isBefore(e.getValue()))
            .map(Map.Entry::getKey)
            .toList();
  }

  /** All transfers. */
  public Transfers transfers() {
    return transfers;
  }

  /** Ids in order of creation, for pagination. */
  public static final class Timeline {
    private final ConcurrentSkipListMap<Long, String> byNumber = new ConcurrentSkipListMap<>();
    private final Map<String, Long> numbers = new ConcurrentHashMap<>();

    private void add(String id) {
      long number = numbers.size() + 1L;
      numbers.put(id, number);
      byNumber.put(number, id);
    }

    /**
     * Ids created before this one, newest first; all ids if it is null.
     *
     * @return empty if the id is unknown
     */
    public Optional<Iterable<String>> olderThan(@Nullable String id) {
      return from(id).map(n -> byNumber.headMap(n, false).descendingMap().values());
    }

    /** Ids created after this one, oldest first; empty if it is unknown. */
    public Optional<Iterable<String>> newerThan(String id) {
      return from(id).map(n -> byNumber.tailMap(n, false).values());
    }

    private Optional<Long> from(@Nullable String id) {
      return id == null ? Optional.of(Long.MAX_VALUE) : Optional.ofNullable(numbers.get(id));
    }
  }
}
