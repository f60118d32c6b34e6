package shop.sandbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.rocksdb.Env;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksMemEnv;
import shop.sandbox.ChargeAttempt;
import shop.sandbox.Fact;
import shop.sandbox.PaymentIntent;
import shop.sandbox.Refund;
import shop.sandbox.StripeError;
import shop.sandbox.TestPaymentMethod;

/** Invariants of charges and refunds after any sequence of operations. */
class MoneyPropertyTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration DEBIT = Duration.ofSeconds(5);

  // Opening a ledger takes longer than a try, and the summary reads all of one.
  private static final int INTENTS_PER_LEDGER = 10;

  private int intents;
  private MemoryLedger ledger = new MemoryLedger();

  private static final class MemoryLedger implements AutoCloseable {
    static {
      RocksDB.loadLibrary();
    }

    private final RocksMemEnv memory = new RocksMemEnv(Env.getDefault());
    private final LedgerStore store = LedgerStore.open(Path.of("/ledger"), memory);
    private final LedgerState state = new LedgerState(store);

    @Override
    public void close() {
      store.close();
      memory.close();
    }
  }

  /** One call; {@code kind} 0–4 is confirm, capture, cancel, refund, clock advance. */
  record Op(int kind, TestPaymentMethod method, boolean manual, long amount) {}

  @Provide
  Arbitrary<List<Op>> operations() {
    return net.jqwik.api.Combinators.combine(
            Arbitraries.integers().between(0, 4),
            Arbitraries.of(TestPaymentMethod.class),
            Arbitraries.of(true, false),
            Arbitraries.longs().between(1, 120))
        .as(Op::new)
        .list()
        .ofMaxSize(25);
  }

  @Property(tries = 2000)
  void atMostOneChargeAndNoMoreRefundedThanCharged(@ForAll("operations") List<Op> operations) {
    if (intents++ % INTENTS_PER_LEDGER == 0) {
      ledger.close();
      ledger = new MemoryLedger();
    }
    var store = ledger.store;
    var state = ledger.state;
    var id = "pi_%024d".formatted(intents);
    apply(
        new Fact.Created(
            NOON, id, 100, "eur", false, null, Map.of("order_id", "o" + intents), null),
        state,
        store);
    var now = NOON;
    for (var op : operations) {
      now = op.kind == 4 ? now.plus(Duration.ofSeconds(3)) : now;
      for (var fact : decide(state.intent(id).orElseThrow(), op, now)) {
        apply(fact, state, store);
      }
      check(state, id);
    }
  }

  private static void apply(Fact fact, LedgerState state, LedgerStore store) {
    try (var batch = store.batch()) {
      state.on(fact, batch);
      store.write(batch, false);
    }
  }

  private static List<? extends Fact> decide(PaymentIntent intent, Op op, Instant now) {
    try {
      return switch (op.kind) {
        case 0 -> new ChargeAttempt(op.method, op.manual, false, DEBIT).confirm(intent, now);
        case 1 -> intent.capture(now, op.amount);
        case 2 -> intent.cancel(now, null);
        case 3 ->
            List.of(
                new Fact.Refunded(
                    now,
                    Refund.of(
                        intent,
                        new Refund.Request(op.amount, null, Map.of()),
                        "re_" + intent.id() + now + op.amount,
                        now,
                        DEBIT)));
        default -> ChargeAttempt.settleDebit(intent, now);
      };
    } catch (StripeError e) {
      assertThat(e.status()).isEqualTo(400);
      return List.of();
    }
  }

  private static void check(LedgerState state, String id) {
    var entries = state.transfers().page(null, id, 0, 1000);
    long charged = sum(entries, Transfer.Kind.CHARGE);
    long refunded = sum(entries, Transfer.Kind.REFUND);
    long held = sum(entries, Transfer.Kind.HOLD);
    long released = sum(entries, Transfer.Kind.RELEASE);
    var intent = state.intent(id).orElseThrow();
    assertThat(entries.stream().filter(e -> e.kind() == Transfer.Kind.CHARGE).count())
        .isLessThanOrEqualTo(1);
    assertThat(charged - refunded).isNotNegative();
    assertThat(charged).isEqualTo(intent.amountReceived()).isLessThanOrEqualTo(intent.amount());
    assertThat(refunded).isEqualTo(intent.amountRefunded());
    assertThat(held - released - (held > 0 && charged > 0 ? charged : 0))
        .as("still held")
        .isEqualTo(intent.amountCapturable());
    var summary = state.transfers().summary();
    assertThat(summary.balanced()).isTrue();
    assertThat(summary.intentsChargedMoreThanOnce()).isZero();
  }

  private static long sum(List<Transfer> entries, Transfer.Kind kind) {
    return entries.stream().filter(e -> e.kind() == kind).mapToLong(Transfer::amount).sum();
  }
}
