package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.balancing.TestEndpoints.call;
import static shop.balancing.TestEndpoints.candidates;
import static shop.balancing.TestEndpoints.counts;
import static shop.balancing.TestEndpoints.equal;
import static shop.balancing.TestEndpoints.excluding;
import static shop.balancing.TestEndpoints.picks;
import static shop.balancing.TestEndpoints.random;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
  @Test
  void endpointsTakeTurns() {
    assertThat(picks(new RoundRobin(equal(3), 0), 7)).isEqualTo("a b c a b c a");
  }

  @Test
  void configuredWeightsDoNotCount() {
    assertThat(counts(new RoundRobin(candidates(5, 1, 2), 0), 3000))
        .isEqualTo(Map.of("a", 1000, "b", 1000, "c", 1000));
  }

  @Test
  void anEndpointInSlowStartHasFewerTurns() {
    Endpoint warm = TestEndpoints.endpoint("a", 4);
    Endpoint cold = new Endpoint(TestEndpoints.instance("b", 4), new Load(), 1);

    assertThat(counts(new RoundRobin(new Candidates(List.of(warm, cold)), 0), 5000))
        .isEqualTo(Map.of("a", 4000, "b", 1000));
  }

  @Test
  void aHundredThousandPicksAreExactlyEven() {
    assertThat(counts(new RoundRobin(equal(10), random(1)), 100_000).values()).containsOnly(10_000);
  }

  /**
   * lua-resty-balancer and others always begin with the first, which every rebuild then favours.
   */
  @Test
  void rebuildsBeginAtRandomPlaces() {
    Random random = random(1);
    Candidates candidates = equal(10);

    int[] first = new int[10];
    for (int i = 0; i < 100_000; i++) {
      Endpoint endpoint = new RoundRobin(candidates, random).pick(call());
      first[candidates.endpoints().indexOf(endpoint)]++;
    }

    assertThat(ChiSquare.p(first, weights(10))).isGreaterThan(0.001);
  }

  @Test
  void theCounterMayOverflow() {
    RoundRobin balancer = new RoundRobin(equal(3), Long.MAX_VALUE - 1);

    assertThat(counts(balancer, 30).values()).allMatch(count -> count >= 9);
    assertThat(picks(new RoundRobin(equal(4), -2), 4)).isEqualTo("c d a b");
  }

  /** A call that fails at one endpoint and is repeated uses a turn of its own. */
  @Test
  void repeatedCallsAreSpreadOverTheOthers() {
    Candidates candidates = equal(4);
    Endpoint failing = candidates.get(0);
    RoundRobin balancer = new RoundRobin(candidates, 0);

    Map<String, Long> served =
        IntStream.range(0, 3000)
            .mapToObj(i -> {
              Endpoint picked = balancer.pick(call());
              return picked.equals(failing) ? balancer.pick(excluding(failing)) : picked;
            })
            .collect(Collectors.groupingBy(e -> e.instance().id(), Collectors.counting()));

    assertThat(served).isEqualTo(Map.of("b", 1000L, "c", 1000L, "d", 1000L));
  }

  private static double[] weights(int count) {
    return IntStream.range(0, count).mapToDouble(i -> 1).toArray();
  }
}
