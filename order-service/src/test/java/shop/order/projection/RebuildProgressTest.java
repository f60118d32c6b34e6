package shop.order.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import shop.order.projection.RebuildProgress.Phase;

class RebuildProgressTest {

  private static final TopicPartition ONE = new TopicPartition("orders", 1);
  private static final TopicPartition TWO = new TopicPartition("orders", 2);

  private Instant now = Instant.parse("2026-11-21T09:30:00Z");
  private final InstantSource time = () -> now;
  private final RebuildProgress progress = new RebuildProgress(time.withZone(ZoneOffset.UTC));

  @Test
  void theTimeLeftFollowsFromTheSpeedOfThePhase() {
    progress.enter(Phase.DATABASE_BEHIND);
    update(100, 0);
    assertThat(progress.report().secondsLeft()).isNull();

    update(150, 10);
    update(200, 10);

    // 100 records in 20 s; 800 are left
    assertThat(progress.report())
        .isEqualTo(
            new RebuildProgress.Report(
                Phase.DATABASE_BEHIND, Instant.parse("2026-11-21T09:30:00Z"), 200, 1000, 160L));
  }

  @Test
  void thereIsNoEstimateWithoutProgressOrInAnotherPhase() {
    progress.enter(Phase.DATABASE_BEHIND);
    update(100, 0);
    update(100, 10);
    assertThat(progress.report().secondsLeft()).isNull();
    update(200, 10);
    assertThat(progress.report().secondsLeft()).isNotNull();

    progress.enter(Phase.LOADING);
    progress.update(250);

    assertThat(progress.report())
        .isEqualTo(new RebuildProgress.Report(Phase.LOADING, now, 250, 0, null));
  }

  private void update(long position, int secondsLater) {
    now = now.plusSeconds(secondsLater);
    progress.update(Map.of(ONE, position, TWO, 0L), Map.of(ONE, 600L, TWO, 400L));
  }
}
