package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.balancing.TestEndpoints.candidates;
import static shop.balancing.TestEndpoints.counts;
import static shop.balancing.TestEndpoints.picks;
import static shop.balancing.TestEndpoints.random;

import java.util.Arrays;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SmoothRoundRobinTest {
  @Test
  void turnsOfTheHeaviestAreSpreadOut() {
    assertThat(picks(new SmoothRoundRobin(candidates(5, 1, 1), 0), 14))
        .isEqualTo("a a b a c a a a a b a c a a");
  }

  @Test
  void equalWeightsAreInTurn() {
    assertThat(picks(new SmoothRoundRobin(candidates(7, 7, 7), 0), 6)).isEqualTo("a b c a b c");
    assertThat(picks(new SmoothRoundRobin(candidates(0.3, 0.3), 0), 4)).isEqualTo("a b a b");
  }

  @Test
  void everyPeriodIsExact() {
    assertThat(counts(new SmoothRoundRobin(candidates(600, 300, 100), random(1)), 100_000))
        .isEqualTo(Map.of("a", 60_000, "b", 30_000, "c", 10_000));
  }

  /** 21 and 11 had no common divisor, so that the first 10 turns all went to one (apisix#3493). */
  @Test
  void primeWeightsAlternate() {
    assertThat(picks(new SmoothRoundRobin(candidates(21, 11), 0), 32)).doesNotContain("a a a");
  }

  @Test
  void fractionsKeepTheirProportions() {
    var counts = counts(new SmoothRoundRobin(candidates(1, 1.0 / 3, 0.1), random(1)), 143_333);

    assertThat(counts.get("a")).isCloseTo(100_000, Percentage.withPercentage(1));
    assertThat(counts.get("b")).isCloseTo(33_333, Percentage.withPercentage(1));
    assertThat(counts.get("c")).isCloseTo(10_000, Percentage.withPercentage(1));
  }

  @Test
  void theLightestOfManyHasAtLeastOneTurn() {
    double[] weights = new double[1000];
    Arrays.fill(weights, 997);
    weights[0] = 0.01;
    weights[1] = 991;

    var counts = counts(new SmoothRoundRobin(candidates(weights), 0), Schedule.MAX_TURNS + 1000);

    assertThat(counts).hasSize(1000);
    assertThat(counts.get("i0000")).isBetween(1, 2);
  }

  @Test
  void theCounterMayOverflow() {
    assertThat(counts(new SmoothRoundRobin(candidates(2, 1), Long.MAX_VALUE - 10), 300).get("a"))
        .isBetween(198, 202);
  }
}
