package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.balancing.ActiveChecks.Result.NOT_READY;
import static shop.balancing.ActiveChecks.Result.READY;
import static shop.balancing.ActiveChecks.Result.SILENT;
import static shop.balancing.Fleet.SECOND;
import static shop.balancing.Health.EJECTED;
import static shop.balancing.Health.HEALTHY;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutliersTest {
  private static final Outliers.Settings SETTINGS = Outliers.Settings.DEFAULT;

  private final Random random = new Random(1);

  private static String[] ids(int count) {
    return IntStream.range(0, count).mapToObj("%03d"::formatted).toArray(String[]::new);
  }

  private static long ejected(Fleet fleet) {
    return fleet.service.status(fleet.now).instances().stream()
        .filter(status -> status.health() == EJECTED)
        .count();
  }

  @Test
  void fiveFailuresInSuccessionEjectOneOfTwo() {
    var fleet = Fleet.warm("a", "b");

    fleet.fail("a", 4);
    assertThat(fleet.inUse()).containsExactly("a", "b");
    fleet.fail("a", 1);

    assertThat(fleet.health("a")).isEqualTo(EJECTED);
    assertThat(fleet.inUse()).containsExactly("b");
  }

  @Test
  void aSuccessBetweenFailuresForgetsThem() {
    var fleet = Fleet.warm("a", "b");

    for (int n = 0; n < 10; n++) {
      fleet.fail("a", 4);
      fleet.succeed("a");
    }

    assertThat(fleet.health("a")).isEqualTo(HEALTHY);
  }

  @Test
  void theOnlyInstanceIsNeverEjected() {
    var fleet = Fleet.warm("a");

    fleet.fail("a", 1000);

    assertThat(fleet.health("a")).isEqualTo(HEALTHY);
  }

  @Test
  void theLastAvailableInstanceIsNeverEjected() {
    var fleet = Fleet.warm("a", "b", "c");
    fleet.check(NOT_READY, 1, "a");
    fleet.service.drain("b", fleet.now + SECOND, fleet.now);

    fleet.fail("c", 1000);

    assertThat(fleet.health("c")).isEqualTo(HEALTHY);
    assertThat(fleet.inUse()).containsExactly("c");
  }

  /** An ejection that was refused is decided again, once another instance is back. */
  @Test
  void aRefusedEjectionIsDecidedAgain() {
    var fleet = Fleet.warm("a", "b");
    fleet.check(NOT_READY, 1, "a");
    fleet.fail("b", 7);
    fleet.check(READY, 2, "a");

    fleet.fail("b", 5);

    assertThat(fleet.health("b")).isEqualTo(EJECTED);
  }

  /** Envoy counted the share before the ejection and so ejected one too many. */
  @ParameterizedTest
  @CsvSource({
    "2, 10, 1",
    "3, 50, 1",
    "3, 67, 2",
    "3, 66, 1",
    "10, 10, 1",
    "19, 10, 1",
    "20, 10, 2",
    "100, 29, 29",
    "5, 0, 1",
    "5, 100, 4",
    "1, 100, 0"
  })
  void theShareIsCountedAfterTheEjection(int instances, int percent, int expected) {
    var fleet = Fleet.warm(ids(instances));
    fleet.settings(
        new ServiceSettings(
            fleet.settings.algorithm(),
            false,
            fleet.settings.checks(),
            new Outliers.Settings(
                5, SETTINGS.ejection(), SETTINGS.longest(), SETTINGS.interval(), 0.1, percent),
            fleet.settings.slowStart(),
            50,
            1.4));

    for (var id : ids(instances)) {
      fleet.fail(id, 100);
    }

    assertThat(ejected(fleet)).isEqualTo(expected);
  }

  /** In Envoy the share kept an instance whose checks failed in use. */
  @Test
  void checksAreNotBoundByTheShare() {
    var fleet = Fleet.warm("a", "b", "c");
    fleet.fail("a", 5);

    fleet.check(NOT_READY, 1, "b");

    assertThat(fleet.inUse()).containsExactly("c");
  }

  @Test
  void aPassedCheckDoesNotEndAnEjection() {
    var fleet = Fleet.warm("a", "b");
    fleet.fail("a", 5);

    fleet.check(READY, 5, "a");

    assertThat(fleet.health("a")).isEqualTo(EJECTED);
  }

  @Test
  void anInstanceThatFallsSilentWhileEjectedReturnsWhenItsChecksPass() {
    var fleet = Fleet.warm("a", "b");
    fleet.fail("a", 5);
    fleet.check(SILENT, 3, "a");
    assertThat(fleet.health("a")).isEqualTo(Health.SILENT);

    fleet.check(READY, 2, "a");

    assertThat(fleet.health("a")).isEqualTo(HEALTHY);
  }

  @Test
  void returnsThroughSlowStartWhenTheTimeIsOver() {
    var fleet = Fleet.warm("a", "b");
    fleet.fail("a", 5);

    fleet.advance(Duration.ofSeconds(26));
    assertThat(fleet.health("a")).isEqualTo(EJECTED);
    fleet.advance(Duration.ofSeconds(4));

    assertThat(fleet.health("a")).isEqualTo(HEALTHY);
    assertThat(fleet.factor("a")).isLessThan(0.25);
    assertThat(fleet.factor("b")).isEqualTo(1);
  }

  /** In Envoy the counter was kept, so that an instance was ejected too late or only once. */
  @Test
  void failuresBeforeAndDuringAnEjectionDoNotCountAfterIt() {
    var fleet = Fleet.warm("a", "b");
    fleet.fail("a", 8);
    fleet.advance(Duration.ofSeconds(30));

    fleet.fail("a", 4);
    assertThat(fleet.health("a")).isEqualTo(HEALTHY);
    fleet.fail("a", 1);

    assertThat(fleet.health("a")).isEqualTo(EJECTED);
  }

  /** The times of ejections of an instance that is healthy for a while in between, seconds. */
  private double[] times(int count, Duration between) {
    var outliers = new Outliers();
    long now = 0;
    outliers.healthy(now);
    var times = new double[count];
    for (int n = 0; n < count; n++) {
      now += between.toNanos();
      outliers.unhealthy(SETTINGS, now);
      outliers.eject(SETTINGS, random, now);
      times[n] = outliers.left(now) / (double) SECOND;
      now += outliers.left(now);
      outliers.healthy(now);
    }
    return times;
  }

  @Test
  void timesGrowToTheLongest() {
    var times = times(15, Duration.ofSeconds(1));

    for (int n = 0; n < times.length; n++) {
      double full = Math.min(300, 30 * (n + 1));
      assertThat(times[n]).isBetween(0.9 * full, full);
    }
  }

  @Test
  void timesCarryJitter() {
    var firsts = new ArrayList<Double>();
    for (int n = 0; n < 200; n++) {
      firsts.add(times(1, Duration.ofSeconds(1))[0]);
    }

    assertThat(firsts).doesNotHaveDuplicates().allMatch(time -> time >= 27 && time <= 30);
    assertThat(firsts.stream().mapToDouble(it -> it).average().orElseThrow()).isBetween(28.2, 28.8);
  }

  @Test
  void anInstanceHealthyForAnIntervalBetweenEjectionsStaysAtTheFirstTime() {
    assertThat(DoubleStream.of(times(20, Duration.ofSeconds(31)))).allMatch(time -> time <= 30);
  }

  /** Twenty ejections count as ten, which are the longest: Envoy counted on and shrank too late. */
  @Test
  void afterTheLongestTheCountShrinksByOnePerHealthyInterval() {
    var outliers = new Outliers();
    for (int n = 0; n < 20; n++) {
      outliers.eject(SETTINGS, random, 0);
    }
    outliers.healthy(0);

    assertThat(outliers.ejections(SETTINGS, 0)).isEqualTo(10);
    assertThat(outliers.ejections(SETTINGS, 29 * SECOND)).isEqualTo(10);
    assertThat(outliers.ejections(SETTINGS, 30 * SECOND)).isEqualTo(9);
    assertThat(outliers.ejections(SETTINGS, 299 * SECOND)).isEqualTo(1);
    assertThat(outliers.ejections(SETTINGS, 3000 * SECOND)).isZero();
  }

  @Test
  void timeOutOfUseDoesNotShrinkTheCount() {
    var fleet = Fleet.warm("a", "b", "c");
    fleet.fail("a", 5);
    fleet.check(NOT_READY, 1, "a");

    fleet.advance(Duration.ofMinutes(10));

    assertThat(fleet.status("a").ejections()).isEqualTo(1);
  }

  /** It fails again as soon as it gets calls: out longer and longer, at most 300 s. */
  @Test
  void aFlappingInstanceIsOutForMostOfTheTime() {
    var fleet = Fleet.warm("a", "b", "c");
    int steps = 3600;
    int inUse = 0;

    for (int n = 0; n < steps; n++) {
      fleet.advance(Duration.ofSeconds(1));
      if (fleet.status("a").weight() > 0) {
        inUse++;
        fleet.fail("a", 5);
      }
    }

    assertThat(inUse).isBetween(15, 25);
    assertThat(fleet.status("a").ejections()).isEqualTo(10);
  }
}
