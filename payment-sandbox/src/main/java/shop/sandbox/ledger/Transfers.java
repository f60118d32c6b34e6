package shop.sandbox.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import shop.sandbox.PaymentIntent;
import shop.sandbox.ledger.Transfer.Account;
import shop.sandbox.ledger.Transfer.Kind;

/** All transfers, oldest first. */
public final class Transfers {

  private final List<Transfer> all = new ArrayList<>();
  private final Map<String, List<Transfer>> byIntent = new HashMap<>();
  private final Map<String, List<Transfer>> byOrder = new HashMap<>();

  void hold(Instant at, PaymentIntent intent, long amount) {
    add(at, Kind.HOLD, intent, amount, Account.CUSTOMER, Account.HELD);
  }

  void charge(Instant at, PaymentIntent intent, long amount, boolean held) {
    var from = held ? Account.HELD : Account.CUSTOMER;
    add(at, Kind.CHARGE, intent, amount, from, Account.MERCHANT);
  }

  void release(Instant at, PaymentIntent intent, long amount) {
    add(at, Kind.RELEASE, intent, amount, Account.HELD, Account.CUSTOMER);
  }

  void refund(Instant at, PaymentIntent intent, long amount) {
    add(at, Kind.REFUND, intent, amount, Account.MERCHANT, Account.CUSTOMER);
  }

  private synchronized void add(
      Instant at, Kind kind, PaymentIntent intent, long amount, Account from, Account to) {
    var order = intent.orderId();
    var transfer =
        new Transfer(
            all.size() + 1L, at, kind, intent.id(), order, amount, intent.currency(), from, to);
    all.add(transfer);
    byIntent.computeIfAbsent(intent.id(), _ -> new ArrayList<>(2)).add(transfer);
    if (order != null) {
      byOrder.computeIfAbsent(order, _ -> new ArrayList<>(2)).add(transfer);
    }
  }

  /**
   * Returns a page of transfers.
   *
   * @param after the last {@code seq} of the previous page, 0 for the first page
   */
  public synchronized List<Transfer> page(
      @Nullable String order, @Nullable String intent, long after, int limit) {
    List<Transfer> source;
    long skip = 0;
    if (intent != null) {
      source = byIntent.getOrDefault(intent, List.of());
    } else if (order != null) {
      source = byOrder.getOrDefault(order, List.of());
    } else {
      source = all;
      skip = Math.min(after, all.size());
    }
    return source.stream()
        .skip(skip)
        .filter(e -> e.seq() > after)
        .filter(e -> order == null || order.equals(e.orderId()))
        .limit(limit)
        .toList();
  }

  /** Recomputes the summary from all transfers. */
  public Summary summary() {
    List<Transfer> snapshot;
    synchronized (this) {
      snapshot = List.copyOf(all);
    }
    var totals = new TreeMap<String, Map<String, Total>>();
    var accounts = new TreeMap<String, Map<String, Long>>();
    var perIntent = new HashMap<String, Integer>();
    var perOrder = new HashMap<String, Integer>();
    for (var e : snapshot) {
      totals
          .computeIfAbsent(e.currency(), _ -> new TreeMap<>())
          .merge(lower(e.kind()), Total.of(e), Total::plus);
      var balances = accounts.computeIfAbsent(e.currency(), _ -> new TreeMap<>());
      balances.merge(lower(e.from()), -e.amount(), Long::sum);
      balances.merge(lower(e.to()), e.amount(), Long::sum);
      if (e.kind() == Kind.CHARGE) {
        perIntent.merge(e.paymentIntent(), 1, Integer::sum);
        if (e.orderId() != null) {
          perOrder.merge(e.orderId(), 1, Integer::sum);
        }
      }
    }
    perOrder.values().removeIf(n -> n < 2);
    return new Summary(
        snapshot.size(),
        totals,
        accounts,
        accounts.values().stream()
            .allMatch(b -> b.values().stream().mapToLong(Long::longValue).sum() == 0),
        perIntent.values().stream().filter(n -> n > 1).count(),
        new TreeMap<>(perOrder));
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
   * @param ordersChargedMoreThanOnce order ids with the number of their charges; must be empty
   */
  public record Summary(
      long entries,
      Map<String, Map<String, Total>> totals,
      Map<String, Map<String, Long>> accounts,
      boolean balanced,
      long intentsChargedMoreThanOnce,
      Map<String, Integer> ordersChargedMoreThanOnce) {}
}
