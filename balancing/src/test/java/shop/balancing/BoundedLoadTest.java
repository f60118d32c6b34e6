package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static shop.balancing.TestEndpoints.candidates;
import static shop.balancing.TestEndpoints.equal;
import static shop.balancing.TestEndpoints.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedLoadTest {
  @ParameterizedTest
  @ValueSource(doubles = {1.05, 1.25, 2})
  void noPlacementIsAboveTheCeiling(double factor) {
    assertThat(placementsAboveTheCeiling(factor, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)).isZero();
  }

  @Test
  void ceilingsFollowTheWeights() {
    assertThat(placementsAboveTheCeiling(1.25, 5, 1, 1, 2, 0.5, 0.5)).isZero();
  }

  /** Of 100,000, while up to 200 calls are in flight; the weights add up to 10. */
  private static int placementsAboveTheCeiling(double factor, double... weights) {
    BoundedLoad balancer = new BoundedLoad(candidates(weights), factor);
    Random random = random(1);
    List<Lease> leases = new ArrayList<>();
    int above = 0;
    for (int i = 0; i < 100_000; i++) {
      Endpoint endpoint = balancer.pick(new Call(skewed(random)));
      leases.add(endpoint.load().begin(0));
      double ceiling = Math.ceil(factor * leases.size() * endpoint.weight() / 10);
      if (endpoint.load().inFlight() > ceiling) {
        above++;
      }
      endSome(leases, random);
    }
    return above;
  }

  /** Four fifths of the calls have the same key. */
  private static long skewed(Random random) {
    return random.nextInt(5) > 0 ? 42 : random.nextLong();
  }

  private static void endSome(List<Lease> leases, Random random) {
    while (leases.size() > 200 || (!leases.isEmpty() && random.nextInt(3) == 0)) {
      leases.remove(random.nextInt(leases.size())).close();
    }
  }

  @Test
  void idleItIsTheRing() {
    Candidates candidates = equal(10);
    HashRing ring = new HashRing(candidates);
    BoundedLoad balancer = new BoundedLoad(candidates);

    assertThat(IntStream.range(0, 10_000).mapToObj(Call::new))
        .allMatch(call -> balancer.pick(call).equals(ring.pick(call)));
  }

  @Test
  void aPopularKeySpreadsAlongTheRing() {
    Candidates candidates = equal(4);
    HashRing ring = new HashRing(candidates);
    BoundedLoad balancer = new BoundedLoad(candidates);
    Call call = new Call(7);
    Endpoint owner = ring.pick(call);

    for (int i = 0; i < 100; i++) {
      balancer.pick(new Call(7)).load().begin(0);
    }

    assertThat(owner.load().inFlight()).isBetween(31L, 32L);
    call.exclude(owner.instance());
    assertThat(ring.pick(call).load().inFlight()).isBetween(31L, 32L);
  }

  /** The others have room for a call that was at a full one; no call is refused. */
  @Test
  void aRepeatedCallFindsRoom() {
    Candidates candidates = equal(3);
    BoundedLoad balancer = new BoundedLoad(candidates);
    for (int i = 0; i < 30; i++) {
      balancer.pick(new Call(i)).load().begin(0);
    }

    Call call = new Call(7);
    call.exclude(balancer.pick(call).instance());
    call.exclude(balancer.pick(call).instance());

    assertThat(balancer.pick(call)).isNotNull();
  }

  /** The ceilings of a repeated call are those of the instances that are left. */
  @Test
  void aRepeatedCallPassesByAFullInstance() {
    Candidates candidates = equal(4);
    HashRing ring = new HashRing(candidates);
    Call call = new Call(7);
    call.exclude(ring.pick(call).instance());
    call.exclude(ring.pick(call).instance());
    Endpoint full = ring.pick(call);
    Endpoint tried = ring.pick(new Call(7));
    for (Endpoint endpoint : candidates.endpoints()) {
      int calls = endpoint.equals(full) ? 20 : call.hasTried(endpoint) ? 0 : 10;
      for (int i = 0; i < calls; i++) {
        endpoint.load().begin(0);
      }
    }

    assertThat(new BoundedLoad(candidates).pick(call)).isNotNull().isNotIn(full, tried);
  }

  @Test
  void instancesOfAGroupShareTheSum() {
    LoadGroup group = new LoadGroup();
    List<Endpoint> endpoints =
        IntStream.range(0, 4)
            .mapToObj(i ->
                new Endpoint(
                    TestEndpoints.instance("i" + i, 1), new Load(group, Load.DEFAULT_DECAY), 1))
            .toList();
    BoundedLoad balancer = new BoundedLoad(new Candidates(endpoints));

    for (int i = 0; i < 100; i++) {
      balancer.pick(new Call(7)).load().begin(0);
    }

    assertThat(group.inFlight()).isEqualTo(100);
    assertThat(endpoints).allMatch(endpoint -> endpoint.load().inFlight() <= 32);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aFactorThatLeavesNoRoomIsRefused(double factor) {
    assertThatThrownBy(() -> new BoundedLoad(equal(2), factor))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
