package shop.sandbox.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import shop.sandbox.PaymentIntent;
import shop.sandbox.ledger.LedgerStore.Batch;
import shop.sandbox.ledger.LedgerStore.Direction;
import shop.sandbox.ledger.StoreKey.Table;
import shop.sandbox.ledger.Transfer.Account;
import shop.sandbox.ledger.Transfer.Kind;

/** All transfers on disk, oldest first. */
public final class Transfers {

  private static final StoreKey ALL = StoreKey.of(Table.TRANSFER);
  private static final StoreKey BY_INTENT = StoreKey.of(Table.TRANSFER_BY_INTENT);
  private static final StoreKey BY_ORDER = StoreKey.of(Table.TRANSFER_BY_ORDER);

  /** The summary names at most this many orders that were charged twice. */
  private static final int ORDERS_NAMED = 1000;

  private final LedgerStore store;
  private long lastSeq;

  Transfers(LedgerStore store) {
    this.store = store;
    store.scan(
        ALL,
        ALL.afterAll(),
        Direction.DESCENDING,
        (_, value) -> {
          lastSeq = transfer(value).seq();
          return false;
        });
  }

  void hold(Instant at, PaymentIntent intent, long amount, Batch batch) {
    add(at, Kind.HOLD, intent, amount, Account.CUSTOMER, Account.HELD, batch);
  }

  void charge(Instant at, PaymentIntent intent, long amount, boolean held, Batch batch) {
    var from = held ? Account.HELD : Account.CUSTOMER;
    add(at, Kind.CHARGE, intent, amount, from, Account.MERCHANT, batch);
  }

  void release(Instant at, PaymentIntent intent, long amount, Batch batch) {
    add(at, Kind.RELEASE, intent, amount, Account.HELD, Account.CUSTOMER, batch);
  }

  void refund(Instant at, PaymentIntent intent, long amount, Batch batch) {
    add(at, Kind.REFUND, intent, amount, Account.MERCHANT, Account.CUSTOMER, batch);
  }

  private void add(
      Instant at,
      Kind kind,
      PaymentIntent intent,
      long amount,
      Account from,
      Account to,
      Batch batch) {
    var order = intent.orderId();
    long seq = ++lastSeq;
    batch.put(
        ALL.number(seq),
        new Transfer(seq, at, kind, intent.id(), order, amount, intent.currency(), from, to));
    batch.put(BY_INTENT.text(intent.id()).number(seq), kind);
    if (order != null) {
      batch.put(BY_ORDER.text(order).number(seq), kind);
    }
  }

  /**
   * Returns a page of transfers.
   *
   * @param after the last {@code seq} of the previous page, 0 for the first page
   */
  public List<Transfer> page(
      @Nullable String order, @Nullable String intent, long after, int limit) {
    var source =
        intent != null ? BY_INTENT.text(intent) : order != null ? BY_ORDER.text(order) : ALL;
    var page = new ArrayList<Transfer>();
    store.scan(
        source.number(after).next(),
        source.afterAll(),
        Direction.ASCENDING,
        (key, value) -> {
          var transfer =
              order == null && intent == null ? transfer(value) : read(source.numberOf(key));
          if (order == null || order.equals(transfer.orderId())) {
            page.add(transfer);
          }
          return page.size() < limit;
        });
    return page;
  }

  private Transfer read(long seq) {
    return Objects.requireNonNull(store.get(ALL.number(seq), Transfer.class));
  }

  private static Transfer transfer(byte[] value) {
    return Objects.requireNonNull(LedgerStore.parse(value, Transfer.class));
  }

  /** Recomputes the summary from all transfers; takes seconds per million. */
  public Summary summary() {
    var totals = new TreeMap<String, Map<String, Total>>();
    var accounts = new TreeMap<String, Map<String, Long>>();
    var entries = new long[1];
    store.scan(
        ALL,
        ALL.afterAll(),
        Direction.ASCENDING,
        (_, value) -> {
          var e = transfer(value);
          entries[0]++;
          totals
              .computeIfAbsent(e.currency(), _ -> new TreeMap<>())
              .merge(lower(e.kind()), Total.of(e), Total::plus);
          var balances = accounts.computeIfAbsent(e.currency(), _ -> new TreeMap<>());
          balances.merge(lower(e.from()), -e.amount(), Long::sum);
          balances.merge(lower(e.to()), e.amount(), Long::sum);
          return true;
        });
    var intents = new RepeatedCharges(BY_INTENT, 0);
    var orders = new RepeatedCharges(BY_ORDER, ORDERS_NAMED);
    store.scan(BY_INTENT, BY_INTENT.afterAll(), Direction.ASCENDING, intents);
    store.scan(BY_ORDER, BY_ORDER.afterAll(), Direction.ASCENDING, orders);
    return new Summary(
        entries[0],
        totals,
        accounts,
        accounts.values().stream()
            .allMatch(b -> b.values().stream().mapToLong(Long::longValue).sum() == 0),
        intents.repeated,
        orders.named);
  }

  /** Counts the charges of each intent or order; its index brings them one after another. */
  private static final class RepeatedCharges implements LedgerStore.Visitor {
    private final StoreKey index;
    private final int maxNamed;
    private final Map<String, Integer> named = new TreeMap<>();
    private String current = "";
    private int charges;
    private long repeated;

    RepeatedCharges(StoreKey index, int maxNamed) {
      this.index = index;
      this.maxNamed = maxNamed;
    }

    @Override
    public boolean visit(byte[] key, byte[] value) {
      if (LedgerStore.parse(value, Kind.class) == Kind.CHARGE) {
        var subject = index.textOf(key);
        charges = subject.equals(current) ? charges + 1 : 1;
        current = subject;
        if (charges == 2) {
          repeated++;
        }
        if (charges > 1 && (named.containsKey(subject) || named.size() < maxNamed)) {
          named.put(subject, charges);
        }
      }
      return true;
    }
  }

  /** The name in JSON. */
  public static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }

  /** Number of transfers and their sum in minor units. */
  public record Total(long count, long amount) {
    static Total of(Transfer e) {
      return new Total(1, e.amount());
    }

    Total plus(Total more) {
      return new Total(count + more.count, amount + more.amount);
    }
  }

  /**
   * Totals and checks of all transfers.
   *
   * @param totals by currency and kind of transfer
   * @param accounts balances by currency, in minor units
   * @param balanced whether the balances of every currency add up to zero
   * @param intentsChargedMoreThanOnce must be 0
   * @param ordersChargedMoreThanOnce order ids with the number of their charges, at most 1,000;
   *     must be empty
   */
  public record Summary(
      long entries,
      Map<String, Map<String, Total>> totals,
      Map<String, Map<String, Long>> accounts,
      boolean balanced,
      long intentsChargedMoreThanOnce,
      Map<String, Integer> ordersChargedMoreThanOnce) {}
}
