package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static shop.balancing.TestEndpoints.call;
import static shop.balancing.TestEndpoints.candidates;
import static shop.balancing.TestEndpoints.counts;
import static shop.balancing.TestEndpoints.equal;
import static shop.balancing.TestEndpoints.excluding;
import static shop.balancing.TestEndpoints.random;
import static shop.balancing.TestEndpoints.without;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every algorithm has to do. */
class AlgorithmTest {
  private static Balancer balancer(Algorithm algorithm, Candidates candidates) {
    return algorithm.balancer(candidates, random(1), () -> 0);
  }

  @ParameterizedTest
  @EnumSource
  void noCandidatesGiveNothing(Algorithm algorithm) {
    Balancer balancer = balancer(algorithm, equal(0));

    assertThat(balancer.pick(call())).isNull();
    assertThat(balancer.pick(excluding(equal(1).get(0)))).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void aSingleCandidateGetsEveryCall(Algorithm algorithm) {
    Candidates single = candidates(0.3);
    Balancer balancer = balancer(algorithm, single);

    assertThat(counts(balancer, 1000)).containsOnlyKeys("a");
    assertThat(balancer.pick(excluding(single.get(0)))).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void triedOnesAreNotPicked(Algorithm algorithm) {
    Candidates candidates = candidates(3, 1, 1, 1, 0.5);
    Balancer balancer = balancer(algorithm, candidates);

    for (int hash = 0; hash < 200; hash++) {
      Call call = new Call(hash);
      for (int tries = 0; tries < candidates.size(); tries++) {
        Endpoint endpoint = balancer.pick(call);
        assertThat(endpoint).isNotNull().matches(picked -> !call.hasTried(picked));
        call.exclude(endpoint.instance());
      }
      assertThat(balancer.pick(call)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void triedOnesThatAreGoneDoNotMatter(Algorithm algorithm) {
    Candidates candidates = equal(4);
    Balancer balancer = balancer(algorithm, without(candidates, "d"));

    for (int hash = 0; hash < 200; hash++) {
      Call call = new Call(hash);
      call.exclude(candidates.get(3).instance());
      call.exclude(candidates.get(0).instance());
      assertThat(balancer.pick(call)).isIn(candidates.get(1), candidates.get(2));
    }
  }

  /** The turn of the one that was tried goes to all the others, not to its successor. */
  @ParameterizedTest
  @EnumSource
  void whatOneCannotTakeIsSpreadOverTheOthers(Algorithm algorithm) {
    Candidates candidates = equal(5);
    Balancer balancer = balancer(algorithm, candidates);
    int[] counts = new int[5];

    for (int hash = 0; hash < 20_000; hash++) {
      Call call = new Call(hash);
      call.exclude(candidates.get(1).instance());
      counts[candidates.endpoints().indexOf(balancer.pick(call))]++;
    }

    assertThat(counts[1]).isZero();
    assertThat(List.of(counts[0], counts[2], counts[3], counts[4]))
        .allSatisfy(count -> assertThat(count).isBetween(3500, 6500));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ROUND_ROBIN", "LEAST_CONNECTIONS"})
  void idleOnesArePickedByTheirWeights(Algorithm algorithm) {
    Balancer balancer = balancer(algorithm, candidates(5, 1, 1, 2, 1));

    var counts = counts(balancer, 20_000);

    if (algorithm != Algorithm.LEAST_RESPONSE_TIME) {
      assertThat(counts.get("a")).isBetween(9_000, 11_000);
      assertThat(counts.get("d")).isBetween(3_200, 4_800);
    }
    assertThat(counts).containsOnlyKeys("a", "b", "c", "d", "e");
  }

  /** Half a weight on the way up has to count, whatever the algorithm does with weights. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"LEAST_CONNECTIONS", "LEAST_RESPONSE_TIME"})
  void slowStartIsRespected(Algorithm algorithm) {
    Candidates candidates = candidates(1, 1, 1, 0.1);
    Balancer balancer = balancer(algorithm, candidates);

    assertThat(counts(balancer, 31_000).get("d")).isBetween(500, 1500);
  }

  /** Also of two gateways that learn of the instances in another order. */
  @ParameterizedTest
  @EnumSource
  void keyedOnesAgreeOnTheOwnersOfKeys(Algorithm algorithm) {
    Balancer one = balancer(algorithm, equal(10));
    Balancer other = algorithm.balancer(TestEndpoints.shuffled(equal(10), 3), random(2), () -> 5);

    boolean agree =
        IntStream.range(0, 1000)
            .mapToObj(Call::new)
            .allMatch(call -> one.pick(call).instance().equals(other.pick(call).instance()));

    assertThat(agree).isEqualTo(algorithm.isKeyed());
  }

  @ParameterizedTest
  @EnumSource
  void extremeWeightsAreNoError(Algorithm algorithm) {
    Balancer balancer =
        balancer(
            algorithm,
            new Candidates(
                List.of(
                    TestEndpoints.endpoint("a", Instance.MAX_WEIGHT),
                    TestEndpoints.endpoint("b", Instance.MAX_WEIGHT),
                    TestEndpoints.endpoint("c", Double.MIN_VALUE))));

    assertThat(counts(balancer, 1000)).containsKeys("a", "b");
    assertThat(balancer.pick(excluding(TestEndpoints.endpoint("a", 1)))).isNotNull();
  }

  @ParameterizedTest
  @EnumSource
  void aPickDoesNotAllocate(Algorithm algorithm) {
    Balancer balancer = balancer(algorithm, candidates(1, 2, 1, 1));
    Call[] calls = IntStream.range(0, 5_000).mapToObj(Call::new).toArray(Call[]::new);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    pickAll(balancer, calls);

    long before = threads.getCurrentThreadAllocatedBytes();
    pickAll(balancer, calls);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).isLessThan(calls.length);
  }

  private static void pickAll(Balancer balancer, Call[] calls) {
    for (Call call : calls) {
      balancer.pick(call);
    }
  }

  @ParameterizedTest
  @EnumSource
  void threadsMayPickAtTheSameTime(Algorithm algorithm) throws InterruptedException {
    Candidates candidates = equal(3);
    Balancer balancer = balancer(algorithm, candidates);
    ConcurrentHashMap<String, LongAdder> picked = new ConcurrentHashMap<>();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads =
        Stream.generate(() ->
                Thread.ofPlatform()
                    .start(() -> {
                      await(start);
                      for (int i = 0; i < 2_000; i++) {
                        Endpoint endpoint = balancer.pick(new Call(i));
                        try (Lease lease = endpoint.load().begin(i)) {
                          lease.headersReceived(i + 1_000_000L);
                        }
                        picked
                            .computeIfAbsent(endpoint.instance().id(), id -> new LongAdder())
                            .increment();
                      }
                    }))
            .limit(4)
            .toList();

    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(picked.values().stream().mapToLong(LongAdder::sum).sum()).isEqualTo(8_000);
    assertThat(candidates.endpoints()).allMatch(e -> e.load().inFlight() == 0);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesAreThoseOfTheConfiguration(Algorithm algorithm) {
    assertThat(Algorithm.named(algorithm.toString())).isSameAs(algorithm);
  }

  @Test
  void anUnknownNameIsRefusedWithTheAllowedOnes() {
    assertThatThrownBy(() -> Algorithm.named("ROUND_ROBIN"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "No algorithm 'ROUND_ROBIN'; allowed are round-robin, weighted-round-robin,"
                + " least-connections, p2c, least-response-time, random, ip-hash,"
                + " consistent-hash, bounded-load, maglev, sticky");
  }

  @Test
  void keyedOnesSayWhatIsHashed() {
    assertThat(Stream.of(Algorithm.values()).filter(Algorithm::isKeyed))
        .extracting(Algorithm::hashSource)
        .containsExactly(
            Algorithm.HashSource.CLIENT_ADDRESS,
            Algorithm.HashSource.CONFIGURED_KEY,
            Algorithm.HashSource.CONFIGURED_KEY,
            Algorithm.HashSource.CONFIGURED_KEY,
            Algorithm.HashSource.SESSION);
  }
}
