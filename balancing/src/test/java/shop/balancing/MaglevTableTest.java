package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static shop.balancing.TestEndpoints.candidates;
import static shop.balancing.TestEndpoints.equal;
import static shop.balancing.TestEndpoints.shuffled;
import static shop.balancing.TestEndpoints.without;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaglevTableTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10, 100, 600})
  void sharesOfTheTableAreEven(int count) {
    Map<String, Integer> shares = shares(new MaglevTable(equal(count)));

    double mean = (double) MaglevTable.SIZE / count;
    assertThat(Collections.max(shares.values()) / mean).isLessThanOrEqualTo(1.01);
    assertThat(shares).hasSize(count);
  }

  @Test
  void sharesFollowTheWeights() {
    Map<String, Integer> shares = shares(new MaglevTable(candidates(5, 1, 3, 0.5, 0.5)));

    assertThat(shares.get("a") / (double) MaglevTable.SIZE).isCloseTo(0.5, within(0.001));
    assertThat(shares.get("b") / (double) MaglevTable.SIZE).isCloseTo(0.1, within(0.001));
    assertThat(shares.get("d") / (double) MaglevTable.SIZE).isCloseTo(0.05, within(0.001));
  }

  @Test
  void theLightestHasAtLeastOneEntry() {
    assertThat(shares(new MaglevTable(candidates(1000, 0.001)))).containsEntry("b", 1);
  }

  /** Ideally only the entries of the lost one change. */
  @ParameterizedTest
  @CsvSource({"10, a", "10, e", "10, j", "100, i0000", "100, i0057"})
  void fewEntriesChangeWhenOneIsLost(int count, String lost) {
    Candidates all = equal(count);
    MaglevTable before = new MaglevTable(all);
    MaglevTable after = new MaglevTable(without(all, lost));

    assertThat(changes(before, after) / ((double) MaglevTable.SIZE / count)).isBetween(0.99, 2.0);
  }

  @Test
  void theOrderOfTheListDoesNotMatter() {
    Candidates candidates = candidates(1, 3, 2, 1, 1, 0.5);
    MaglevTable table = new MaglevTable(candidates);

    for (int seed = 0; seed < 5; seed++) {
      MaglevTable other = new MaglevTable(shuffled(candidates, seed));
      assertThat(changes(table, other)).isZero();
    }
  }

  @Test
  void extremeHashesHaveOwners() {
    MaglevTable table = new MaglevTable(equal(3));

    for (long hash : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(table.pick(new Call(hash))).isNotNull();
    }
  }

  private static int changes(MaglevTable before, MaglevTable after) {
    int changes = 0;
    for (int entry = 0; entry < MaglevTable.SIZE; entry++) {
      if (!before.endpoint(entry).equals(after.endpoint(entry))) {
        changes++;
      }
    }
    return changes;
  }

  private static Map<String, Integer> shares(MaglevTable table) {
    Map<String, Integer> shares = new HashMap<>();
    for (int entry = 0; entry < MaglevTable.SIZE; entry++) {
      shares.merge(table.endpoint(entry).instance().id(), 1, Integer::sum);
    }
    return shares;
  }
}
