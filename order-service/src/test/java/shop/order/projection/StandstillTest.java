package shop.order.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StandstillTest {

  private static final TopicPartition ONE = new TopicPartition("orders", 1);
  private static final TopicPartition TWO = new TopicPartition("orders", 2);

  private Instant now = Instant.parse("2026-11-21T09:30:00Z");
  private final InstantSource time = () -> now;
  private final ProjectionStall standstill = new ProjectionStall(time.withZone(ZoneOffset.UTC));

  @Test
  void countsFromWhenAPartitionThatGoesOnWasFirstSeenAtTheSamePlace() {
    look(1, 5, 0);
    look(1, 6, 10);
    look(1, 9, 20);

    assertThat(standstill.longest()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void whoMovesOrIsAtTheEndDoesNotStandStill() {
    look(1, 5, 10);
    look(2, 6, 10);
    assertThat(standstill.longest()).isEqualTo(Duration.ofSeconds(10));

    look(6, 6, 10);
    assertThat(standstill.longest()).isZero();
    look(6, 6, 3600);
    assertThat(standstill.longest()).isZero();
  }

  @Test
  void aPartitionThatMovesDoesNotHideOneThatStands() {
    standstill.compare(Map.of(ONE, 1L, TWO, 1L), Map.of(ONE, 5L, TWO, 5L));
    now = now.plusSeconds(10);
    standstill.compare(Map.of(ONE, 3L, TWO, 1L), Map.of(ONE, 5L, TWO, 5L));

    assertThat(standstill.longest()).isEqualTo(Duration.ofSeconds(10));
    standstill.forget();
    assertThat(standstill.longest()).isZero();
  }

  private void look(long at, long end, int secondsLater) {
    standstill.compare(Map.of(ONE, at), Map.of(ONE, end));
    now = now.plusSeconds(secondsLater);
  }
}
