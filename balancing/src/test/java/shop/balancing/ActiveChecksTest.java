package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static shop.balancing.ActiveChecks.Result.NOT_READY;
import static shop.balancing.ActiveChecks.Result.READY;
import static shop.balancing.ActiveChecks.Result.SILENT;
import static shop.balancing.Fleet.SECOND;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ActiveChecksTest {
  private static final ActiveChecks.Settings SETTINGS = ActiveChecks.Settings.DEFAULT;

  private final Random random = new Random(7);
  private final ActiveChecks checks = new ActiveChecks(SETTINGS, random, 0);

  private Health.@Nullable Event result(ActiveChecks.Result result, Health health) {
    return checks.on(result, health, SETTINGS, random, 0);
  }

  @Test
  void oneSilentCheckIsNotEnough() {
    assertThat(result(SILENT, Health.HEALTHY)).isNull();
    assertThat(result(SILENT, Health.HEALTHY)).isNull();
    assertThat(result(SILENT, Health.HEALTHY)).isEqualTo(Health.Event.CHECKS_SILENT);
  }

  @Test
  void silenceCountsInSuccessionOnly() {
    for (int n = 0; n < 10; n++) {
      assertThat(result(SILENT, Health.HEALTHY)).isNull();
      assertThat(result(SILENT, Health.HEALTHY)).isNull();
      result(READY, Health.HEALTHY);
    }
  }

  @Test
  void notReadyTakesOutAtOnce() {
    assertThat(result(NOT_READY, Health.HEALTHY)).isEqualTo(Health.Event.CHECK_REFUSED);
  }

  @Test
  void readyMustRiseAgain() {
    result(NOT_READY, Health.HEALTHY);

    assertThat(result(READY, Health.NOT_READY)).isNull();
    assertThat(result(SILENT, Health.NOT_READY)).isNull();
    assertThat(result(READY, Health.NOT_READY)).isNull();
    assertThat(result(READY, Health.NOT_READY)).isEqualTo(Health.Event.CHECK_PASSED);
  }

  @Test
  void firstSuccessOfANewInstanceIsEnough() {
    assertThat(result(SILENT, Health.NEW)).isNull();
    assertThat(result(READY, Health.NEW)).isEqualTo(Health.Event.CHECK_PASSED);
  }

  @Test
  void firstChecksOfManyInstancesAreSpreadOverAnInterval() {
    var dueIn =
        IntStream.range(0, 1000)
            .mapToLong(_ -> firstDue(new ActiveChecks(SETTINGS, random, 0)))
            .toArray();

    assertThat(LongStream.of(dueIn).average().orElseThrow()).isBetween(0.9e9, 1.1e9);
    assertThat(LongStream.of(dueIn).max().orElseThrow()).isLessThanOrEqualTo(2 * SECOND);
    assertThat(LongStream.of(dueIn).filter(due -> due < SECOND / 10).count()).isBetween(20L, 90L);
  }

  private static long firstDue(ActiveChecks checks) {
    long time = 0;
    while (!checks.begin(SETTINGS, time)) {
      time += Fleet.MILLI;
    }
    return time;
  }

  @Test
  void jitterOnlyShortensAnInterval() {
    var dueIn =
        IntStream.range(0, 1000)
            .mapToLong(_ -> {
              result(READY, Health.HEALTHY);
              return firstDue(checks);
            })
            .toArray();

    assertThat(LongStream.of(dueIn).min().orElseThrow())
        .isBetween(18 * SECOND / 10, 19 * SECOND / 10);
    assertThat(LongStream.of(dueIn).max().orElseThrow()).isBetween(19 * SECOND / 10, 2 * SECOND);
  }

  @Test
  void aCheckIsNotBegunTwiceButAgainIfItsResultNeverComes() {
    assertThat(checks.begin(SETTINGS, 2 * SECOND)).isTrue();

    assertThat(checks.begin(SETTINGS, 4 * SECOND)).isFalse();
    assertThat(checks.begin(SETTINGS, 5 * SECOND)).isTrue();
  }

  @Test
  void aStoppedInstanceIsOutWithinFallTimesIntervalAndTimeout() {
    for (long seed = 0; seed < 20; seed++) {
      var fleet = new Fleet(false, seed);
      fleet.discover("a", "b");
      fleet.advance(Duration.ofSeconds(60 + seed));
      fleet.answer(SILENT, "a");
      long stopped = fleet.now;

      while (fleet.health("a") == Health.HEALTHY) {
        fleet.advance(Duration.ofMillis(100));
      }

      // The simulation looks every 100 ms for due checks and for timeouts.
      assertThat(fleet.now - stopped).isBetween(5 * SECOND, 9 * SECOND + 6 * 100 * Fleet.MILLI);
    }
  }

  @Test
  void badSettingsAreRefused() {
    var second = Duration.ofSeconds(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ActiveChecks.Settings(Duration.ZERO, second, 2, 3, 0))
        .withMessageContaining("interval");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ActiveChecks.Settings(second, second, 0, 3, 0))
        .withMessageContaining("rise");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ActiveChecks.Settings(second, second, 2, 3, Double.NaN))
        .withMessageContaining("jitter");
  }
}
