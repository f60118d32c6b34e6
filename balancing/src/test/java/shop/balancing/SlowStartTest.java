package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static shop.balancing.ActiveChecks.Result.NOT_READY;
import static shop.balancing.ActiveChecks.Result.READY;
import static shop.balancing.Fleet.SECOND;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlowStartTest {
  private static final SlowStart.Settings SETTINGS = SlowStart.Settings.DEFAULT;

  @Test
  void theWeightGrowsInTenStepsFromATenthToAll() {
    double[] expected = {0.1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1};

    for (int n = 0; n < expected.length; n++) {
      assertThat(SETTINGS.factor(n * 3L * SECOND)).isEqualTo(expected[n], within(1e-12));
      assertThat(SETTINGS.factor(n * 3L * SECOND + 2 * SECOND))
          .isEqualTo(expected[n], within(1e-12));
    }
  }

  @Test
  void anAgeBelowZeroIsZero() {
    assertThat(SETTINGS.factor(-5 * SECOND)).isEqualTo(0.1);
  }

  @Test
  void moreAggressionGrowsFasterAtFirst() {
    var aggressive = new SlowStart.Settings(Duration.ofSeconds(30), 0.1, 2);

    assertThat(aggressive.factor(12 * SECOND)).isEqualTo(Math.sqrt(0.4), within(1e-12));
    assertThat(aggressive.factor(30 * SECOND)).isEqualTo(1);
  }

  @Test
  void withoutAWindowThereIsNone() {
    assertThat(new SlowStart.Settings(Duration.ZERO, 0.1, 1).factor(0)).isEqualTo(1);
  }

  /** Envoy's weights could come close to 0, so that an instance got nothing, even afterwards. */
  @Test
  void aWeightOfNothingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SlowStart.Settings(Duration.ofSeconds(30), 0, 1))
        .withMessageContaining("least");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SlowStart.Settings(Duration.ofSeconds(30), 0.1, Double.NaN))
        .withMessageContaining("aggression");
  }

  @Test
  void noneWhenAllAreNew() {
    var fleet = new Fleet(false, 1);
    fleet.discover("a", "b", "c", "d");

    for (int n = 0; n < 400; n++) {
      fleet.advance(Duration.ofMillis(100));
      for (var id : fleet.inUse()) {
        assertThat(fleet.factor(id)).isEqualTo(1);
      }
    }
  }

  @Test
  void aNewOneAmongOldStartsSlowly() {
    var fleet = Fleet.warm("a", "b");
    fleet.discover("a", "b", "c");
    fleet.check(READY, 1, "c");

    assertThat(fleet.factor("c")).isEqualTo(0.1);
    fleet.advance(Duration.ofSeconds(15));
    assertThat(fleet.factor("c")).isEqualTo(0.5);
    assertThat(fleet.factor("a")).isEqualTo(1);
    fleet.advance(Duration.ofSeconds(15));
    assertThat(fleet.factor("c")).isEqualTo(1);
  }

  @Test
  void weightsCountRelativeToTheWarmest() {
    var fleet = Fleet.warm("a", "b");
    fleet.discover("a", "b", "c");
    fleet.check(READY, 1, "c");
    fleet.advance(Duration.ofSeconds(6));

    fleet.check(NOT_READY, 1, "a", "b");
    assertThat(fleet.factor("c")).isEqualTo(1);
    fleet.check(READY, 2, "a");

    assertThat(fleet.factor("a")).isEqualTo(0.5);
    assertThat(fleet.factor("c")).isEqualTo(1);
  }

  @Test
  void tablesAreBuiltAnewPerStepOnly() {
    var fleet = Fleet.warm("a", "b");
    fleet.discover("a", "b", "c");
    fleet.check(READY, 1, "c");
    int before = fleet.built.get();

    fleet.advance(Duration.ofSeconds(60));

    assertThat(fleet.built.get() - before).isEqualTo(9);
  }
}
