package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static shop.balancing.ActiveChecks.Result.NOT_READY;
import static shop.balancing.ActiveChecks.Result.READY;
import static shop.balancing.ActiveChecks.Result.SILENT;
import static shop.balancing.Fleet.instance;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RegionsTest {
  private static final Locality EU1 = new Locality("eu", "1");
  private static final Locality EU2 = new Locality("eu", "2");
  private static final Locality US = new Locality("us", "1");

  private static double[] shares(double... healthy) {
    return Regions.shares(healthy, 1.4);
  }

  private static void assertShares(double[] shares, double... expected) {
    assertThat(shares).containsExactly(expected, within(1e-9));
  }

  @Test
  void theNearestTakesAllWhileItIsHealthyEnough() {
    assertShares(shares(1, 1), 1, 0);
    assertShares(shares(5 / 7.0, 1), 1, 0);
  }

  @Test
  void theNextTakesTheRest() {
    assertShares(shares(0.5, 1), 0.7, 0.3);
    assertShares(shares(0.5, 0.1, 1), 0.7, 0.14, 0.16);
    assertShares(shares(0, 0, 1), 0, 0, 1);
  }

  @Test
  void sharesAreNormalisedWhenAllTogetherCannotTakeAll() {
    assertShares(shares(0.2, 0.1), 2 / 3.0, 1 / 3.0);
    assertShares(shares(0.1), 1);
  }

  @Test
  void nothingIsSharedWhenNothingIsHealthy() {
    assertShares(shares(0, 0), 0, 0);
    assertShares(shares());
  }

  @Test
  void distanceDecidesWithinAPriority() {
    assertThat(Regions.rank(instance("a", "eu", "1", 0), EU1)).isZero();
    assertThat(Regions.rank(instance("a", "eu", "2", 0), EU1)).isEqualTo(1);
    assertThat(Regions.rank(instance("a", "us", "1", 0), EU1)).isEqualTo(2);
    assertThat(Regions.rank(instance("a", "eu", "1", 1), EU1)).isEqualTo(3);
    assertThat(Regions.rank(instance("a", "", "", 0), Locality.UNKNOWN)).isEqualTo(2);
  }

  private static Fleet twoRegions(boolean keyed) {
    var fleet = new Fleet(keyed, 5);
    fleet.discover(
        instance("eu1", "eu", "1", 0),
        instance("eu2", "eu", "1", 0),
        instance("us1", "us", "1", 0),
        instance("us2", "us", "1", 0));
    fleet.advance(Duration.ofSeconds(60));
    return fleet;
  }

  private static double share(Fleet fleet, Locality client, String prefix) {
    return fleet.calls(10_000, client).entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(prefix))
            .mapToInt(Map.Entry::getValue)
            .sum()
        / 10_000.0;
  }

  @Test
  void callsStayInTheRegionOfTheClient() {
    var fleet = twoRegions(false);

    assertThat(share(fleet, EU1, "eu")).isEqualTo(1);
    assertThat(share(fleet, EU2, "eu")).isEqualTo(1);
    assertThat(share(fleet, US, "us")).isEqualTo(1);
    assertThat(share(fleet, Locality.UNKNOWN, "us")).isBetween(0.45, 0.55);
    assertThat(share(fleet, new Locality("moon", "1"), "us")).isBetween(0.45, 0.55);
  }

  @Test
  void aRegionFailsOverByItsHealthAndComesBack() {
    var fleet = twoRegions(false);

    fleet.check(NOT_READY, 1, "eu1");
    assertThat(share(fleet, EU1, "eu")).isBetween(0.68, 0.72);
    fleet.check(NOT_READY, 1, "eu2");
    assertThat(share(fleet, EU1, "eu")).isZero();
    assertThat(share(fleet, US, "us")).isEqualTo(1);

    fleet.check(READY, 2, "eu1", "eu2");
    fleet.advance(Duration.ofSeconds(60));
    assertThat(share(fleet, EU1, "eu")).isEqualTo(1);
  }

  /** In Envoy a zone that returned got all calls at once, in spite of slow start. */
  @Test
  void aRegionThatReturnsTakesItsCallsSlowly() {
    var fleet = twoRegions(false);
    fleet.check(NOT_READY, 1, "eu1", "eu2");

    fleet.check(READY, 2, "eu1", "eu2");
    assertThat(share(fleet, EU1, "eu")).isBetween(0.12, 0.16);
    fleet.advance(Duration.ofSeconds(15));
    assertThat(share(fleet, EU1, "eu")).isBetween(0.68, 0.72);
  }

  /** In Envoy the shares had no effect on hashing algorithms. */
  @Test
  void keyedCallsFailOverByTheSameShare() {
    var fleet = twoRegions(true);

    fleet.check(NOT_READY, 1, "eu1");

    assertThat(share(fleet, EU1, "eu")).isBetween(0.68, 0.72);
  }

  @Test
  void aKeyedClientStaysOnOneSide() {
    var fleet = twoRegions(true);
    fleet.check(NOT_READY, 1, "eu1");

    for (long hash = 0; hash < 100; hash++) {
      var call = new Call(hash, null, EU1);
      boolean eu = Fleet.id(fleet.service.pick(call)).startsWith("eu");
      for (int n = 0; n < 10; n++) {
        assertThat(Fleet.id(fleet.service.pick(call)).startsWith("eu")).isEqualTo(eu);
      }
    }
  }

  @Test
  void aTriedGroupIsLeftForTheNextNearest() {
    var fleet = twoRegions(false);
    var call = new Call(1, null, EU1);
    call.exclude(fleet.listed("eu1"));
    call.exclude(fleet.listed("eu2"));

    assertThat(Fleet.id(fleet.service.pick(call))).startsWith("us");
    call.exclude(fleet.listed("us1"));
    call.exclude(fleet.listed("us2"));
    assertThat(fleet.service.pick(call)).isNull();
  }

  @Test
  void aBackupIsUsedOnlyWhenNeeded() {
    var fleet = new Fleet(false, 5);
    fleet.discover(
        instance("a", "eu", "1", 0), instance("b", "us", "1", 0), instance("backup", "eu", "1", 1));
    fleet.advance(Duration.ofSeconds(60));

    assertThat(share(fleet, EU1, "backup")).isZero();
    fleet.check(SILENT, 3, "a");
    assertThat(share(fleet, EU1, "b")).as("the far one is before the near backup").isEqualTo(1);
    assertThat(share(fleet, EU1, "backup")).isZero();
    fleet.check(SILENT, 3, "b");
    assertThat(share(fleet, EU1, "backup")).isEqualTo(1);
    assertThat(fleet.service.status(fleet.now).panic()).isFalse();

    fleet.check(READY, 2, "b");
    fleet.advance(Duration.ofSeconds(60));
    assertThat(share(fleet, EU1, "backup")).isZero();
  }

  @Test
  void addingInstancesSendsNoCallsAway() {
    var fleet = twoRegions(false);

    fleet.discover(
        instance("eu1", "eu", "1", 0),
        instance("eu2", "eu", "1", 0),
        instance("eu3", "eu", "1", 0),
        instance("eu4", "eu", "1", 0),
        instance("eu5", "eu", "1", 0),
        instance("us1", "us", "1", 0));

    assertThat(fleet.calls(1000, EU1)).containsOnlyKeys("eu1", "eu2");
  }

  @Test
  void whenAllPanicCallsAreDividedByWeight() {
    var fleet = twoRegions(false);

    fleet.check(SILENT, 3, "eu1", "eu2", "us1", "us2");

    assertThat(share(fleet, EU1, "eu")).isBetween(0.47, 0.53);
  }

  @Test
  void whenAllAreNewTheNearestGetsTheCalls() {
    var fleet = new Fleet(false, 5);
    fleet.discover(instance("eu1", "eu", "1", 0), instance("us1", "us", "1", 0));

    assertThat(fleet.calls(100, EU1)).containsOnlyKeys("eu1");
  }

  @Test
  void drainingARegionMovesItsCalls() {
    var fleet = twoRegions(false);

    fleet.service.drain("eu1", fleet.now, fleet.now);
    assertThat(share(fleet, EU1, "eu")).isBetween(0.68, 0.72);
    fleet.service.drain("eu2", fleet.now, fleet.now);

    assertThat(share(fleet, EU1, "us")).isEqualTo(1);
  }
}
