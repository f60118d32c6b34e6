package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.balancing.ActiveChecks.Result.READY;
import static shop.balancing.ActiveChecks.Result.SILENT;
import static shop.balancing.Health.EJECTED;
import static shop.balancing.Health.HEALTHY;
import static shop.balancing.Health.NEW;
import static shop.balancing.Health.NOT_READY;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PanicTest {

  private static Panic of(Map<Health, Integer> counts) {
    return Panic.of(counts, 50);
  }

  @Test
  void halfAvailableIsEnough() {
    assertThat(of(Map.of(HEALTHY, 2, Health.SILENT, 1, EJECTED, 1)))
        .isEqualTo(new Panic(Set.of(HEALTHY), false));
  }

  @Test
  void belowHalfHealthIsDisregarded() {
    assertThat(of(Map.of(HEALTHY, 2, Health.SILENT, 2, EJECTED, 1)))
        .isEqualTo(new Panic(Set.of(HEALTHY, Health.SILENT, EJECTED), true));
  }

  @Test
  void instancesThatSayTheyAreNotReadyAreNeitherUsedNorCounted() {
    assertThat(of(Map.of(HEALTHY, 1, NOT_READY, 9))).isEqualTo(new Panic(Set.of(HEALTHY), false));
    assertThat(of(Map.of(Health.SILENT, 1, NOT_READY, 9)).usable())
        .containsExactlyInAnyOrder(Health.SILENT, EJECTED);
  }

  @Test
  void whenAllSayTheyAreNotReadyTheyAreBetterThanNothing() {
    assertThat(of(Map.of(NOT_READY, 3))).isEqualTo(new Panic(Set.of(NOT_READY), true));
  }

  @Test
  void manyNewInstancesAreNoPanic() {
    assertThat(of(Map.of(HEALTHY, 2, NEW, 20))).isEqualTo(new Panic(Set.of(HEALTHY), false));
  }

  @Test
  void newInstancesAreUsedWhenAllAreNew() {
    assertThat(of(Map.of(NEW, 3))).isEqualTo(new Panic(Set.of(NEW), false));
    assertThat(of(Map.of(NEW, 3, Health.SILENT, 1)).usable()).doesNotContain(NEW);
  }

  @Test
  void aThresholdOfZeroNeverPanicsWhileOneIsHealthy() {
    assertThat(Panic.of(Map.of(HEALTHY, 1, Health.SILENT, 99), 0).isPanic()).isFalse();
    assertThat(Panic.of(Map.of(Health.SILENT, 99), 0).isPanic()).isTrue();
  }

  @Test
  void inAndOut() {
    var fleet = Fleet.warm("a", "b", "c", "d");

    fleet.check(SILENT, 3, "a", "b");
    assertThat(fleet.inUse()).containsExactly("c", "d");
    assertThat(fleet.service.status(fleet.now).panic()).isFalse();

    fleet.check(SILENT, 3, "c");
    assertThat(fleet.inUse()).containsExactly("a", "b", "c", "d");
    assertThat(fleet.service.status(fleet.now).panic()).isTrue();

    fleet.check(READY, 2, "c");
    assertThat(fleet.inUse()).containsExactly("c", "d");
    assertThat(fleet.service.status(fleet.now).panic()).isFalse();
  }

  @Test
  void inPanicWeightsAreNominal() {
    var fleet = Fleet.warm("a", "b", "c", "d", "e");
    fleet.check(SILENT, 3, "b");
    fleet.check(READY, 2, "b");
    assertThat(fleet.factor("b")).isEqualTo(0.1);

    fleet.check(SILENT, 3, "c", "d", "e");

    assertThat(fleet.service.status(fleet.now).instances())
        .extracting(ServiceStatus.InstanceStatus::weight)
        .containsExactly(10.0, 10.0, 10.0, 10.0, 10.0);
  }

  @Test
  void someoneIsAlwaysChosen() {
    var fleet = Fleet.warm("a", "b");

    fleet.check(ActiveChecks.Result.NOT_READY, 1, "a", "b");

    assertThat(fleet.inUse()).containsExactly("a", "b");
  }
}
