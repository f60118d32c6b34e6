package shop.balancing;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.balancing.Health.EJECTED;
import static shop.balancing.Health.HEALTHY;
import static shop.balancing.Health.NEW;
import static shop.balancing.Health.NOT_READY;
import static shop.balancing.Health.SILENT;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HealthTest {

  /** The table of the Javadoc, row by row, written a second time. */
  @ParameterizedTest
  @CsvSource({
    "NEW,       HEALTHY,   NOT_READY, SILENT,    NEW,       NEW",
    "HEALTHY,   HEALTHY,   NOT_READY, SILENT,    EJECTED,   HEALTHY",
    "NOT_READY, HEALTHY,   NOT_READY, NOT_READY, NOT_READY, NOT_READY",
    "SILENT,    HEALTHY,   NOT_READY, SILENT,    SILENT,    SILENT",
    "EJECTED,   EJECTED,   NOT_READY, SILENT,    EJECTED,   HEALTHY"
  })
  void everyStateAndEventHasItsCell(
      Health from,
      Health passed,
      Health refused,
      Health silent,
      Health eject,
      Health ejectionOver) {
    assertThat(Arrays.stream(Health.Event.values()).map(from::on))
        .containsExactly(passed, refused, silent, eject, ejectionOver);
  }

  @ParameterizedTest
  @EnumSource(Health.class)
  void everyStateLeadsBackToHealthy(Health state) {
    assertThat(
            state
                .on(Health.Event.EJECTION_OVER)
                .on(Health.Event.CHECK_PASSED)
                .on(Health.Event.CHECK_PASSED))
        .isEqualTo(HEALTHY);
  }

  @Test
  void onlyAHealthyInstanceIsEjected() {
    assertThat(HEALTHY.on(Health.Event.EJECT)).isEqualTo(EJECTED);
    assertThat(new Health[] {NEW, NOT_READY, SILENT})
        .allSatisfy(state -> assertThat(state.on(Health.Event.EJECT)).isEqualTo(state));
  }
}
