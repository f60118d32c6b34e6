package shop.sandbox.ledger;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import shop.sandbox.Fact;
import shop.sandbox.IntentStatus;
import shop.sandbox.ledger.Timeline.Seconds;

/** Fills a ledger with paid intents, opens it again and reads it: {@code <folder> <intents>}. */
public final class FilledLedger {

  private static final Seconds ALWAYS = new Seconds(Long.MIN_VALUE, Long.MAX_VALUE);
  private static final int PER_APPEND = 100;

  private FilledLedger() {}

  public static void main(String[] arguments) {
    var folder = Path.of(arguments[0]);
    int intents = Integer.parseInt(arguments[1]);
    try (var store = LedgerStore.open(folder)) {
      fill(store, intents);
    }
    var began = System.nanoTime();
    try (var store = LedgerStore.open(folder)) {
      var state = new LedgerState(store);
      var newest = state.intentIds().olderThan(null, ALWAYS, 1).orElseThrow();
      System.out.printf("opened in %d ms%n", (System.nanoTime() - began) / 1_000_000);
      require(newest.getFirst().equals(id(intents - 1)), "newest " + newest);
      require(state.transfers().summary().entries() == intents, "transfers");
    }
    System.out.printf("read in %d ms%n", (System.nanoTime() - began) / 1_000_000);
  }

  private static void fill(LedgerStore store, int intents) {
    var state = new LedgerState(store);
    var keys = new StoredKeys(store, Clock.systemUTC(), Duration.ofHours(24));
    try (var ledger =
        new Ledger(
            store,
            false,
            (fact, batch) -> {
              state.on(fact, batch);
              keys.on(fact, batch);
            })) {
      var facts = new ArrayList<Fact>();
      for (int i = 0; i < intents; i++) {
        facts.addAll(paid(i));
        if ((i + 1) % PER_APPEND == 0 || i == intents - 1) {
          ledger.append(facts);
          facts.clear();
        }
      }
    }
  }

  private static List<Fact> paid(int number) {
    var at = Instant.now();
    var id = id(number);
    return List.of(
        new Fact.Created(
            at, id, 100, "eur", false, "pm_card_visa", Map.of("order_id", "o-" + number), null),
        new Fact.Confirmed(at, id, "pm_card_visa", false, IntentStatus.REQUIRES_CAPTURE, null),
        new Fact.Captured(at, id, 100),
        new Fact.KeyStored(at, "key-" + number, "f", "/v1/payment_intents", "req_1", 200, "{}"));
  }

  private static String id(int number) {
    return "pi_%024d".formatted(number);
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalStateException(what);
    }
  }
}
