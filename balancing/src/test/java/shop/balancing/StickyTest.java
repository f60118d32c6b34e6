package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.balancing.TestEndpoints.equal;
import static shop.balancing.TestEndpoints.without;

import org.junit.jupiter.api.Test;

class StickyTest {
  private final Candidates candidates = equal(4);
  private final HashRing ring = new HashRing(candidates);
  private final Sticky sticky = new Sticky(candidates, ring);

  private static Call boundTo(String id, long hash) {
    return new Call(hash, id, Locality.UNKNOWN);
  }

  @Test
  void theBoundInstanceIsPicked() {
    for (int hash = 0; hash < 100; hash++) {
      assertThat(sticky.pick(boundTo("c", hash))).isSameAs(candidates.get(2));
    }
  }

  @Test
  void withoutABoundInstanceAnotherBalancerPicks() {
    for (int hash = 0; hash < 100; hash++) {
      assertThat(sticky.pick(new Call(hash))).isSameAs(ring.pick(new Call(hash)));
      assertThat(sticky.pick(boundTo("gone", hash))).isSameAs(ring.pick(new Call(hash)));
    }
  }

  @Test
  void aBoundInstanceThatWasTriedIsNotPickedAgain() {
    Call call = boundTo("c", 1);
    call.exclude(candidates.get(2).instance());

    assertThat(sticky.pick(call)).isNotNull().isNotSameAs(candidates.get(2));
  }

  @Test
  void sessionsStayAtAnInstanceThatDrains() {
    Sticky draining = new Sticky(candidates, new HashRing(without(candidates, "c")));

    assertThat(draining.pick(boundTo("c", 1))).isSameAs(candidates.get(2));
    for (int hash = 0; hash < 1000; hash++) {
      assertThat(draining.pick(new Call(hash))).isNotSameAs(candidates.get(2));
    }
  }
}
