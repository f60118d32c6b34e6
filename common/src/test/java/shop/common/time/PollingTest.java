package shop.common.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PollingTest {

  private static final Duration INTERVAL = Duration.ofMillis(1);

  @Test
  void evaluatesUntilTheConditionHolds() throws Exception {
    var evaluations = new AtomicInteger();

    assertThat(
            Polling.await(
                Duration.ofMinutes(1), INTERVAL, () -> evaluations.incrementAndGet() == 3))
        .isTrue();
    assertThat(evaluations).hasValue(3);
  }

  @Test
  void evaluatesOnceEvenWithoutTime() throws Exception {
    assertThat(Polling.await(Duration.ZERO, INTERVAL, () -> true)).isTrue();
    assertThat(Polling.await(Duration.ZERO, INTERVAL, () -> false)).isFalse();
  }
}
