package shop.sandbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.sandbox.Fact;
import shop.sandbox.IntentStatus;

/** Persistence and truncation of the ledger file. */
class LedgerTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456789Z");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("ledger.jsonl");
  }

  private static Fact created(String id) {
    return new Fact.Created(
        NOON, id, 100, "eur", false, null, Map.of("order_id", "o \"1\"\nß"), null);
  }

  private static Fact captured(String id) {
    return new Fact.Captured(NOON, id, 100);
  }

  private Ledger open(List<Fact> seen) {
    return new Ledger(folder, true, (fact, _) -> seen.add(fact));
  }

  private List<Fact> factsOnDisk() {
    var seen = new ArrayList<Fact>();
    open(seen).close();
    return seen;
  }

  @Test
  void everyKindOfFactIsReadBackUnchanged() {
    var facts =
        List.of(
            created("pi_1"),
            new Fact.Confirmed(
                NOON, "pi_1", "pm_card_visa", true, IntentStatus.PROCESSING, NOON.plusSeconds(1)),
            new Fact.Declined(NOON, "pi_1", "pm_card_visa", "card_declined", null, "No."),
            captured("pi_1"),
            new Fact.Canceled(NOON, "pi_1", null),
            new Fact.Refunded(
                NOON,
                new shop.sandbox.Refund(
                    "re_1", NOON, "pi_1", "ch_1", 5, "eur", null, Map.of("a", "b"), NOON, NOON)),
            new Fact.KeyStored(NOON, "k", "f", "/v1/x", "req_1", 200, "{\"a\":\"é\"}"));
    var ranges = new ArrayList<FileRange>();
    try (var ledger = new Ledger(folder, true, (_, range) -> ranges.add(range))) {
      ledger.append(facts);
      for (int i = 0; i < facts.size(); i++) {
        assertThat(ledger.read(ranges.get(i))).isEqualTo(facts.get(i));
      }
    }
    assertThat(factsOnDisk()).isEqualTo(facts);
  }

  @Test
  void anIncompleteLineIsTruncated() throws IOException {
    try (var ledger = open(new ArrayList<>())) {
      ledger.append(List.of(created("pi_1")));
    }
    var whole = Files.readString(file);
    Files.writeString(file, "{\"seq\":2,\"mo", StandardOpenOption.APPEND);

    assertThat(factsOnDisk()).containsExactly(created("pi_1"));
    assertThat(Files.readString(file)).isEqualTo(whole);
  }

  @Test
  void anIncompleteAppendIsTruncatedCompletely() throws IOException {
    try (var ledger = open(new ArrayList<>())) {
      ledger.append(List.of(created("pi_1")));
      ledger.append(List.of(created("pi_2"), captured("pi_2")));
    }
    var lines = Files.readAllLines(file);
    Files.writeString(file, lines.get(0) + "\n" + lines.get(1) + "\n");

    assertThat(factsOnDisk()).containsExactly(created("pi_1"));
    try (var ledger = open(new ArrayList<>())) {
      ledger.append(List.of(created("pi_3")));
    }
    assertThat(factsOnDisk()).containsExactly(created("pi_1"), created("pi_3"));
  }

  @Test
  void aCorruptLineInTheMiddleIsNotSkipped() throws IOException {
    try (var ledger = open(new ArrayList<>())) {
      ledger.append(List.of(created("pi_1")));
      ledger.append(List.of(created("pi_2")));
    }
    var whole = Files.readString(file);
    Files.writeString(file, whole.replaceFirst("created", "crxated"));
    assertThatThrownBy(this::factsOnDisk)
        .isInstanceOf(LedgerUnavailable.class)
        .hasMessageContaining("Line 1 of");
    Files.writeString(file, whole.substring(whole.indexOf('\n') + 1));
    assertThatThrownBy(this::factsOnDisk).hasMessageContaining("Line 1 of");
    Files.writeString(file, whole);
    assertThat(factsOnDisk()).hasSize(2);
  }

  @Test
  void concurrentAppendsStayContiguous() {
    var seen = new ArrayList<Fact>();
    try (var ledger = open(seen);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 500; i++) {
        var id = "pi_" + i;
        executor.execute(() -> ledger.append(List.of(created(id), captured(id))));
      }
    }
    assertThat(seen).hasSize(1000);
    assertThat(factsOnDisk()).isEqualTo(seen);
    for (int i = 0; i < seen.size(); i += 2) {
      var first = (Fact.Created) seen.get(i);
      assertThat(seen.get(i + 1)).isEqualTo(captured(first.intent()));
    }
  }

  @Test
  void aClosedLedgerRejectsAppends() {
    var ledger = open(new ArrayList<>());
    ledger.close();
    assertThatThrownBy(() -> ledger.append(List.of(created("pi_1"))))
        .isInstanceOf(LedgerUnavailable.class)
        .hasMessageContaining("stopping");
  }
}
