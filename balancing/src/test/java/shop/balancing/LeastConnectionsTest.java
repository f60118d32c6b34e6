package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.balancing.TestEndpoints.call;
import static shop.balancing.TestEndpoints.candidates;
import static shop.balancing.TestEndpoints.equal;
import static shop.balancing.TestEndpoints.excluding;
import static shop.balancing.TestEndpoints.picks;
import static shop.balancing.TestEndpoints.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LeastConnectionsTest {
  @Test
  void equalOnesArePickedInTurn() {
    Candidates candidates = equal(4);
    candidates.get(1).load().begin(0);

    assertThat(picks(new LeastConnections(candidates, 0), 6)).isEqualTo("a c d a c d");
    assertThat(picks(new LeastConnections(equal(3), Long.MAX_VALUE), 4)).isEqualTo("b b c a");
  }

  @Test
  void theEmptiestIsPicked() {
    Candidates candidates = equal(3);
    begin(candidates.get(0), 2);
    begin(candidates.get(1), 1);
    begin(candidates.get(2), 3);
    LeastConnections balancer = new LeastConnections(candidates, random(1));

    assertThat(balancer.pick(call())).isSameAs(candidates.get(1));
    assertThat(balancer.pick(excluding(candidates.get(1)))).isSameAs(candidates.get(0));
  }

  /** One at a tenth of its weight does not get the first call that finds the others busy. */
  @Test
  void aColdOneIsNotFlooded() {
    Candidates candidates = candidates(1, 1, 0.1);
    LeastConnections balancer = new LeastConnections(candidates, random(1));

    begin(balancer, 18);
    assertThat(candidates.get(2).load().inFlight()).isZero();

    begin(balancer, 3);
    assertThat(candidates.get(2).load().inFlight()).isEqualTo(1);
    assertThat(candidates.get(0).load().inFlight()).isEqualTo(10);
  }

  /** No pick of 100,000 is of one whose load with the call is above another's. */
  @Test
  void everyPickIsOfTheMinimum() {
    Candidates candidates = candidates(5, 1, 1, 2, 0.5, 1, 3, 1, 1, 0.1);
    LeastConnections balancer = new LeastConnections(candidates, random(1));
    Random random = random(2);
    List<Lease> leases = new ArrayList<>();

    for (int i = 0; i < 100_000; i++) {
      Endpoint picked = balancer.pick(call());
      double least =
          candidates.endpoints().stream()
              .mapToDouble(LeastConnectionsTest::load)
              .min()
              .getAsDouble();
      assertThat(load(picked)).isEqualTo(least);
      leases.add(picked.load().begin(0));
      if (leases.size() > 50) {
        leases.remove(random.nextInt(leases.size())).close();
      }
    }
  }

  private static double load(Endpoint endpoint) {
    return (endpoint.load().inFlight() + 1) / endpoint.weight();
  }

  private static void begin(Balancer balancer, int count) {
    for (int i = 0; i < count; i++) {
      begin(balancer.pick(call()), 1);
    }
  }

  private static void begin(Endpoint endpoint, int count) {
    for (int i = 0; i < count; i++) {
      endpoint.load().begin(0);
    }
  }
}
