package shop.common.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeLimitsTest {

  private static final Duration TEN = Duration.ofSeconds(10);

  @Test
  void anEqualLimitIsNotLonger() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimeLimits.requireLonger("deadline", TEN, "delivery", TEN))
        .withMessage("deadline (PT10S) must be longer than delivery (PT10S)");
    assertThatNoException()
        .isThrownBy(() -> TimeLimits.requireLonger("deadline", TEN.plusMillis(1), "delivery", TEN));
  }

  @Test
  void anEqualLimitIsEnough() {
    assertThatNoException()
        .isThrownBy(() -> TimeLimits.requireAtLeast("log", TEN, "delivery", TEN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimeLimits.requireAtLeast("log", TEN.minusMillis(1), "delivery", TEN))
        .withMessage("log (PT9.999S) must be at least delivery (PT10S)");
  }

  @Test
  void aClientsLimitIsReadFromTextsAndNumbers() {
    assertThat(TimeLimits.deliveryTimeout(Map.of("delivery.timeout.ms", "10000"))).isEqualTo(TEN);
    assertThat(TimeLimits.deliveryTimeout(Map.of("delivery.timeout.ms", 10_000))).isEqualTo(TEN);
    assertThat(TimeLimits.deliveryTimeout(Map.of())).isEqualTo(Duration.ofMinutes(2));
  }
}
