package shop.sandbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import shop.sandbox.Fact;
import shop.sandbox.IntentStatus;
import shop.sandbox.PaymentIntent;
import shop.sandbox.Refund;
import shop.sandbox.SteppedClock;
import shop.sandbox.ledger.LedgerStore.Direction;
import shop.sandbox.ledger.StoreKey.Table;
import shop.sandbox.ledger.Timeline.Seconds;

/** What the ledger has on disk after restarts, crashes and damage. */
class LedgerTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456789Z");
  private static final Duration KEY_LIFE = Duration.ofMinutes(10);
  private static final Seconds ALWAYS = new Seconds(Long.MIN_VALUE, Long.MAX_VALUE);

  @TempDir Path folder;
  private final SteppedClock clock = new SteppedClock();
  private LedgerStore store;
  private LedgerState state;
  private StoredKeys keys;
  private Ledger ledger;

  @BeforeEach
  void open() {
    store = LedgerStore.open(folder);
    state = new LedgerState(store);
    keys = new StoredKeys(store, clock, KEY_LIFE);
    ledger =
        new Ledger(
            store,
            true,
            (fact, batch) -> {
              state.on(fact, batch);
              keys.on(fact, batch);
            });
  }

  @AfterEach
  void close() {
    ledger.close();
    store.close();
  }

  private void reopen() {
    close();
    open();
  }

  private static Fact created(String id) {
    return created(id, NOON);
  }

  private static Fact created(String id, Instant at) {
    return new Fact.Created(
        at, id, 100, "eur", false, null, Map.of("order_id", "o \"1\"\nß"), null);
  }

  private static Fact captured(String id) {
    return new Fact.Captured(NOON, id, 100);
  }

  private Fact.KeyStored key(String key) {
    return new Fact.KeyStored(clock.instant(), key, "f", "/v1/x", "req_1", 200, "{\"a\":\"é\"}");
  }

  private List<String> intents() {
    return state.intentIds().olderThan(null, ALWAYS, 1000).orElseThrow();
  }

  private long entries(Table table) {
    var count = new long[1];
    var start = StoreKey.of(table);
    store.scan(start, start.afterAll(), Direction.ASCENDING, (_, _) -> ++count[0] > 0);
    return count[0];
  }

  @Test
  void stateAfterEveryKindOfFactIsReadBackUnchanged() {
    var refund =
        new Refund("re_1", NOON, "pi_1", "ch_1", 5, "eur", null, Map.of("a", "b"), NOON, NOON);
    List<Fact> facts =
        List.of(
            created("pi_1"),
            new Fact.Declined(NOON, "pi_1", "pm_card_visa", "card_declined", null, "No."),
            new Fact.Confirmed(
                NOON, "pi_1", "pm_card_visa", true, IntentStatus.PROCESSING, NOON.plusSeconds(1)),
            captured("pi_1"),
            new Fact.Refunded(NOON, refund),
            key("k"));
    ledger.append(facts);
    var folded = PaymentIntent.of((Fact.Created) facts.getFirst());
    for (var fact : facts) {
      folded = folded.after(fact);
    }

    reopen();

    assertThat(state.intent("pi_1")).contains(folded);
    assertThat(state.refund("re_1")).contains(refund);
    assertThat(keys.find("k")).contains((Fact.KeyStored) facts.getLast());
    assertThat(state.debitsDue(NOON.plusSeconds(9))).isEmpty();
    assertThat(state.transfers().page(null, null, 0, 10))
        .isEqualTo(state.transfers().page("o \"1\"\nß", null, 0, 10))
        .isEqualTo(state.transfers().page(null, "pi_1", 0, 10))
        .extracting(Transfer::seq, Transfer::kind)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1L, Transfer.Kind.CHARGE),
            org.assertj.core.groups.Tuple.tuple(2L, Transfer.Kind.REFUND));
  }

  @Test
  void transfersAreNumberedOnAfterARestart() {
    ledger.append(List.of(created("pi_1"), captured("pi_1")));
    reopen();
    ledger.append(List.of(created("pi_2"), captured("pi_2")));

    assertThat(state.transfers().page(null, null, 0, 10))
        .extracting(Transfer::seq)
        .containsExactly(1L, 2L);
    assertThat(state.transfers().page(null, null, 1, 10))
        .extracting(Transfer::paymentIntent)
        .containsExactly("pi_2");
  }

  @Test
  void aDebitIsDueAtItsTimeAndNotAfterItsEnd() {
    var settlesAt = NOON.plusSeconds(5);
    ledger.append(
        List.of(
            created("pi_1"),
            new Fact.Confirmed(NOON, "pi_1", "pm_x", false, IntentStatus.PROCESSING, settlesAt)));

    assertThat(state.debitsDue(settlesAt.minusNanos(1))).isEmpty();
    assertThat(state.debitsDue(settlesAt)).containsExactly("pi_1");

    ledger.append(List.of(captured("pi_1")));
    assertThat(state.debitsDue(settlesAt)).isEmpty();
  }

  @Test
  void pagesOfAPeriodMeetInBothDirections() {
    for (int i = 0; i < 10; i++) {
      ledger.append(List.of(created("pi_" + i, NOON.plusSeconds(i))));
    }
    var period = new Seconds(NOON.getEpochSecond() + 2, NOON.getEpochSecond() + 6);

    assertThat(state.intentIds().olderThan(null, period, 3).orElseThrow())
        .containsExactly("pi_6", "pi_5", "pi_4");
    assertThat(state.intentIds().olderThan("pi_4", period, 3).orElseThrow())
        .containsExactly("pi_3", "pi_2");
    assertThat(state.intentIds().newerThan("pi_4", period, 3).orElseThrow())
        .containsExactly("pi_5", "pi_6");
    assertThat(state.intentIds().olderThan("pi_1", period, 3).orElseThrow()).isEmpty();
    assertThat(state.intentIds().newerThan("pi_8", period, 3).orElseThrow()).isEmpty();
    assertThat(state.intentIds().olderThan("pi_unknown", period, 3)).isEmpty();
  }

  @Test
  void whatWasCreatedInTheSameInstantKeepsItsOrderOverARestart() {
    ledger.append(List.of(created("pi_c"), created("pi_a")));
    reopen();
    ledger.append(List.of(created("pi_b")));

    assertThat(intents()).containsExactly("pi_b", "pi_a", "pi_c");
    assertThat(state.intentIds().olderThan("pi_b", ALWAYS, 1).orElseThrow())
        .containsExactly("pi_a");
  }

  @Test
  void expiredKeysLeaveTheDisk() {
    for (int i = 0; i < 40; i++) {
      ledger.append(List.of(key("old" + i)));
    }
    clock.pass(KEY_LIFE.minusNanos(1));
    assertThat(keys.find("old0")).isPresent();
    clock.pass(Duration.ofNanos(1));
    assertThat(keys.find("old0")).isEmpty();

    ledger.append(List.of(key("old39")));
    reopen();
    for (int i = 0; i < 20; i++) {
      ledger.append(List.of(key("new" + i)));
    }

    assertThat(entries(Table.KEY)).isEqualTo(21);
    assertThat(entries(Table.KEY_BY_TIME)).isEqualTo(21);
    assertThat(keys.find("old39")).isPresent();
    assertThat(keys.find("new0")).isPresent();
  }

  @Test
  void anIncompleteWriteIsDroppedCompletely() throws IOException {
    ledger.append(List.of(created("pi_1")));
    ledger.append(List.of(created("pi_2"), captured("pi_2")));
    close();
    var log = writeAheadLog();
    var bytes = Files.readAllBytes(log);
    Files.write(log, java.util.Arrays.copyOf(bytes, bytes.length - 5));

    open();

    assertThat(intents()).containsExactly("pi_1");
    assertThat(state.transfers().summary().entries()).isZero();
    ledger.append(List.of(created("pi_3", NOON.plusSeconds(1))));
    reopen();
    assertThat(intents()).containsExactly("pi_3", "pi_1");
  }

  @Test
  void damageInTheMiddleIsNotSkipped() throws IOException {
    for (int i = 0; i < 10; i++) {
      ledger.append(List.of(created("pi_" + i)));
    }
    close();
    var log = writeAheadLog();
    var bytes = Files.readAllBytes(log);
    bytes[bytes.length / 3] ^= 1;
    Files.write(log, bytes);

    assertThatThrownBy(() -> LedgerStore.open(folder).close())
        .isInstanceOf(LedgerUnavailable.class)
        .hasMessageContaining("is corrupt: restore the folder, or move it away");
  }

  // The newest log; opening rotates it.
  private Path writeAheadLog() throws IOException {
    try (var files = Files.list(folder.resolve("ledger"))) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .max(java.util.Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  @Test
  void concurrentAppendsStayWhole() {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 500; i++) {
        var id = "pi_" + i;
        executor.execute(() -> ledger.append(List.of(created(id), captured(id))));
      }
    }
    reopen();

    var summary = state.transfers().summary();
    assertThat(intents()).hasSize(500);
    assertThat(summary.entries()).isEqualTo(500);
    assertThat(summary.balanced()).isTrue();
    assertThat(summary.intentsChargedMoreThanOnce()).isZero();
    assertThat(summary.ordersChargedMoreThanOnce()).containsExactly(Map.entry("o \"1\"\nß", 500));
  }

  @Test
  void aClosedLedgerRejectsAppends() {
    ledger.close();
    assertThatThrownBy(() -> ledger.append(List.of(created("pi_1"))))
        .isInstanceOf(LedgerUnavailable.class)
        .hasMessageContaining("stopping");
  }

  @Test
  void aWriterThatFailsRejectsWhatFollows() {
    assertThatThrownBy(() -> ledger.append(List.of(captured("pi_unknown"))))
        .isInstanceOf(LedgerUnavailable.class);
    assertThatThrownBy(() -> ledger.append(List.of(created("pi_1"))))
        .hasMessageContaining("restart");
    assertThat(state.intent("pi_1")).isEmpty();
  }

  @Test
  @Timeout(30)
  void anErrorInTheWriterRejectsWhatFollows() {
    try (var broken =
        new Ledger(
            store,
            true,
            (_, _) -> {
              throw new StackOverflowError();
            })) {
      assertThatThrownBy(() -> broken.append(List.of(created("pi_1"))))
          .isInstanceOf(LedgerUnavailable.class);
      assertThatThrownBy(() -> broken.append(List.of(created("pi_2"))))
          .hasMessageContaining("restart");
    }
  }

  @Test
  void aClosedStoreIsReadAsUnavailable() {
    close();
    assertThatThrownBy(() -> state.intent("pi_1"))
        .isInstanceOf(LedgerUnavailable.class)
        .hasMessageContaining("stopping");
  }
}
