package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.balancing.TestEndpoints.call;
import static shop.balancing.TestEndpoints.candidates;
import static shop.balancing.TestEndpoints.equal;
import static shop.balancing.TestEndpoints.excluding;
import static shop.balancing.TestEndpoints.random;

import java.util.ArrayDeque;
import java.util.Queue;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwoChoicesTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void idleOnesAreEquallyLikely(long seed) {
    assertThat(idle(seed, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)).isGreaterThan(0.001);
  }

  @Test
  void idleOnesArePickedByTheirWeights() {
    assertThat(idle(1, 5, 1, 1, 2, 0.1)).isGreaterThan(0.001);
  }

  private static double idle(long seed, double... weights) {
    Candidates candidates = candidates(weights);
    TwoChoices balancer = new TwoChoices(candidates, random(seed));
    int[] counts = new int[weights.length];
    for (int i = 0; i < 100_000; i++) {
      counts[candidates.endpoints().indexOf(balancer.pick(call()))]++;
    }
    return ChiSquare.p(counts, weights);
  }

  @Test
  void ofTwoTheLessLoadedIsPicked() {
    Candidates candidates = equal(2);
    candidates.get(0).load().begin(0);

    assertThat(TestEndpoints.counts(new TwoChoices(candidates, random(1)), 1000))
        .containsOnlyKeys("b");
  }

  /** The two are different, so the busiest of all is never picked. */
  @Test
  void theBusiestIsNeverPicked() {
    Candidates candidates = equal(5);
    candidates.get(3).load().begin(0);
    TwoChoices balancer = new TwoChoices(candidates, random(1));

    assertThat(TestEndpoints.counts(balancer, 10_000)).doesNotContainKey("d").hasSize(4);
    for (int i = 0; i < 1000; i++) {
      assertThat(balancer.pick(excluding(candidates.get(0)))).isNotSameAs(candidates.get(3));
    }
  }

  @Test
  void callsInFlightFollowTheWeights() {
    Candidates candidates = candidates(4, 2, 1, 1, 2);
    hold(candidates, 1000, 20_000);

    assertThat(candidates.get(0).load().inFlight()).isCloseTo(400, Percentage.withPercentage(10));
    assertThat(candidates.get(2).load().inFlight()).isCloseTo(100, Percentage.withPercentage(10));
  }

  @Test
  void aColdOneOfTwoIsNeitherFloodedNorStarved() {
    Candidates candidates = candidates(1, 0.1);
    hold(candidates, 110, 20_000);

    assertThat(candidates.get(1).load().inFlight()).isBetween(8L, 12L);
  }

  /** Keeps so many calls in flight, the oldest of which ends when another begins. */
  private static void hold(Candidates candidates, int inFlight, int calls) {
    TwoChoices balancer = new TwoChoices(candidates, random(1));
    Queue<Lease> leases = new ArrayDeque<>();
    for (int i = 0; i < calls; i++) {
      leases.add(balancer.pick(call()).load().begin(i));
      if (leases.size() > inFlight) {
        leases.remove().close();
      }
    }
  }
}
