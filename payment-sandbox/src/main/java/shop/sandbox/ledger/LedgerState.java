package shop.sandbox.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import shop.sandbox.Fact;
import shop.sandbox.IntentStatus;
import shop.sandbox.PaymentIntent;
import shop.sandbox.Refund;
import shop.sandbox.ledger.LedgerStore.Batch;
import shop.sandbox.ledger.LedgerStore.Direction;
import shop.sandbox.ledger.StoreKey.Table;

/** The state folded from the facts, on disk: current intents and refunds, and all transfers. */
public final class LedgerState implements FactListener {

  private static final int DEBITS_PER_CALL = 1000;

  private final LedgerStore store;
  private final Transfers transfers;
  private long lastNumber;

  /** The state in a store. */
  public LedgerState(LedgerStore store) {
    this.store = store;
    this.transfers = new Transfers(store);
    this.lastNumber =
        Objects.requireNonNullElse(store.get(StoreKey.of(Table.LAST_NUMBER), Long.class), 0L);
  }

  @Override
  public void on(Fact fact, Batch batch) {
    switch (fact) {
      case Fact.Created f -> {
        batch.put(StoreKey.of(Table.INTENT, f.intent()), PaymentIntent.of(f));
        index(f.intent(), f.at(), batch, StoreKey.of(Table.INTENT_BY_TIME));
      }
      case Fact.OfIntent f -> {
        var before = known(f.intent(), batch);
        var now = change(before, intent -> intent.after(f), batch);
        post(f, before, batch);
        if (before.settlesAt() != null) {
          batch.delete(debit(before.settlesAt(), before.id()));
        }
        if (now.settlesAt() != null) {
          batch.put(debit(now.settlesAt(), now.id()));
        }
      }
      case Fact.Refunded f -> {
        var refund = f.refund();
        batch.put(StoreKey.of(Table.REFUND, refund.id()), refund);
        index(
            refund.id(),
            refund.created(),
            batch,
            StoreKey.of(Table.REFUND_BY_TIME),
            refundsOf(refund.intent()));
        var intent = change(known(refund.intent(), batch), i -> i.after(f), batch);
        transfers.refund(f.at(), intent, refund.amount(), batch);
      }
      case Fact.KeyStored _ -> {}
    }
  }

  private void index(String id, Instant created, Batch batch, StoreKey... timelines) {
    long number = ++lastNumber;
    batch.put(StoreKey.of(Table.LAST_NUMBER), number);
    batch.put(StoreKey.of(Table.NUMBER, id), number);
    for (var timeline : timelines) {
      batch.put(Timeline.key(timeline, created, number, id));
    }
  }

  private void post(Fact.OfIntent fact, PaymentIntent before, Batch batch) {
    boolean held = before.manualCapture() && before.status() == IntentStatus.REQUIRES_CAPTURE;
    switch (fact) {
      case Fact.Confirmed f -> {
        if (f.manualCapture() && f.status() == IntentStatus.REQUIRES_CAPTURE) {
          transfers.hold(f.at(), before, before.amount(), batch);
        }
      }
      case Fact.Captured f -> {
        transfers.charge(f.at(), before, f.amount(), held, batch);
        if (held && f.amount() < before.amount()) {
          transfers.release(f.at(), before, before.amount() - f.amount(), batch);
        }
      }
      case Fact.Canceled f -> {
        if (held) {
          transfers.release(f.at(), before, before.amount(), batch);
        }
      }
      case Fact.Created _, Fact.Declined _ -> {}
    }
  }

  private static PaymentIntent change(
      PaymentIntent before, UnaryOperator<PaymentIntent> step, Batch batch) {
    var now = step.apply(before);
    batch.put(StoreKey.of(Table.INTENT, now.id()), now);
    return now;
  }

  private static PaymentIntent known(String id, Batch batch) {
    return Objects.requireNonNull(
        batch.get(StoreKey.of(Table.INTENT, id), PaymentIntent.class),
        () -> "the ledger contains no intent " + id);
  }

  private static StoreKey debit(Instant settlesAt, String intent) {
    return StoreKey.of(Table.DEBIT_BY_TIME).time(settlesAt).last(intent);
  }

  private static StoreKey refundsOf(String intent) {
    return StoreKey.of(Table.REFUND_BY_INTENT).text(intent);
  }

  /** The current state of the intent. */
  public Optional<PaymentIntent> intent(String id) {
    return Optional.ofNullable(store.get(StoreKey.of(Table.INTENT, id), PaymentIntent.class));
  }

  /** The refund with that id. */
  public Optional<Refund> refund(String id) {
    return Optional.ofNullable(store.get(StoreKey.of(Table.REFUND, id), Refund.class));
  }

  /** Ids of an intent's refunds in order of creation. */
  public Timeline refundIdsOf(String intent) {
    return new Timeline(
        store,
        refundsOf(intent),
        id -> refund(id).filter(refund -> refund.intent().equals(intent)).map(Refund::created));
  }

  /** Ids of all intents in order of creation. */
  public Timeline intentIds() {
    return new Timeline(
        store, StoreKey.of(Table.INTENT_BY_TIME), id -> intent(id).map(PaymentIntent::created));
  }

  /** Ids of all refunds in order of creation. */
  public Timeline refundIds() {
    return new Timeline(
        store, StoreKey.of(Table.REFUND_BY_TIME), id -> refund(id).map(Refund::created));
  }

  /** Intents whose bank debit is due to settle, the earliest first; at most 1,000. */
  public List<String> debitsDue(Instant now) {
    var due = new ArrayList<String>();
    var start = StoreKey.of(Table.DEBIT_BY_TIME);
    var idStart = start.time(Instant.EPOCH);
    store.scan(
        start,
        start.time(now).afterAll(),
        Direction.ASCENDING,
        (key, _) -> {
          due.add(idStart.lastOf(key));
          return due.size() < DEBITS_PER_CALL;
        });
    return due;
  }

  /** All transfers. */
  public Transfers transfers() {
    return transfers;
  }
}
