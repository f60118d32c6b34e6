package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.balancing.TestEndpoints.candidates;
import static shop.balancing.TestEndpoints.counts;
import static shop.balancing.TestEndpoints.equal;
import static shop.balancing.TestEndpoints.shuffled;
import static shop.balancing.TestEndpoints.without;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashRingTest {
  private static final int KEYS = 100_000;

  @ParameterizedTest
  @ValueSource(strings = {"order-service-%d", "10.0.0.%d:8080", "i%d", "%d"})
  void theLargestShareIsNearTheMean(String id) {
    List<Endpoint> endpoints =
        IntStream.range(0, 10).mapToObj(i -> TestEndpoints.endpoint(id.formatted(i), 1)).toList();

    var counts = counts(new HashRing(new Candidates(endpoints)), KEYS);

    assertThat(Collections.max(counts.values()) * 10.0 / KEYS).isLessThanOrEqualTo(1.25);
    assertThat(Collections.min(counts.values()) * 10.0 / KEYS).isGreaterThanOrEqualTo(0.75);
  }

  @Test
  void sharesFollowTheWeights() {
    var counts = counts(new HashRing(candidates(1, 2, 4, 1, 2)), KEYS);

    assertThat(counts.get("c")).isBetween(35_000, 45_000);
    assertThat(counts.get("a")).isBetween(8_000, 12_500);
  }

  @Test
  void onlyTheKeysOfALostInstanceMove() {
    Candidates all = candidates(1, 1, 2, 0.5, 1, 1, 3, 1, 1, 1);
    HashRing before = new HashRing(all);
    HashRing after = new HashRing(without(all, "c"));
    int[] gained = new int[all.size()];
    int moved = 0;

    for (int key = 0; key < KEYS; key++) {
      Endpoint owner = before.pick(new Call(key));
      Endpoint heir = after.pick(new Call(key));
      if (owner.equals(all.get(2))) {
        gained[all.endpoints().indexOf(heir)]++;
      } else if (!heir.equals(owner)) {
        moved++;
      }
    }

    assertThat(moved).isZero();
    assertThat(gained[2]).isZero();
    assertThat(IntStream.of(gained).filter(keys -> keys > 0)).hasSize(9);
  }

  @Test
  void onlyKeysOfAnInstanceMoveWhenItsWeightFalls() {
    HashRing before = new HashRing(candidates(1, 1, 1, 1));
    HashRing after = new HashRing(candidates(1, 0.4, 1, 1));

    assertThat(IntStream.range(0, KEYS).mapToObj(Call::new))
        .allMatch(call -> {
          String owner = before.pick(call).instance().id();
          return owner.equals("b") || after.pick(call).instance().id().equals(owner);
        });
  }

  @Test
  void aRepeatedCallGoesWhereItsKeyWouldMove() {
    Candidates all = equal(10);
    HashRing ring = new HashRing(all);

    for (int key = 0; key < 1000; key++) {
      Call call = new Call(key);
      Endpoint owner = ring.pick(call);
      call.exclude(owner.instance());
      assertThat(ring.pick(call))
          .isSameAs(new HashRing(without(all, owner.instance().id())).pick(new Call(key)));
    }
  }

  @Test
  void theOrderOfTheListDoesNotMatter() {
    Candidates candidates = candidates(1, 3, 2, 1, 1, 0.5);
    HashRing ring = new HashRing(candidates);

    for (int seed = 0; seed < 10; seed++) {
      HashRing other = new HashRing(shuffled(candidates, seed));
      assertThat(IntStream.range(0, 10_000).mapToObj(Call::new))
          .allMatch(call -> other.pick(call).equals(ring.pick(call)));
    }
  }

  @Test
  void extremeHashesHaveOwners() {
    HashRing ring = new HashRing(equal(3));

    for (long hash : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(ring.pick(new Call(hash))).isNotNull();
    }
    assertThat(ring.owner(ring.size())).isSameAs(ring.owner(0));
  }

  @Test
  void theRingIsBounded() {
    assertThat(new HashRing(candidates(1, 2)).size()).isEqualTo(480);
    assertThat(new HashRing(candidates(1000, 1000, 1000)).size())
        .isBetween(HashRing.MAX_POINTS / 4, HashRing.MAX_POINTS);
  }
}
