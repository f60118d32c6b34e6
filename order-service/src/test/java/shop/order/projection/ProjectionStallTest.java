package shop.order.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ProjectionStallTest {

  private static final TopicPartition ONE = new TopicPartition("orders", 1);
  private static final TopicPartition TWO = new TopicPartition("orders", 2);

  private Instant now = Instant.parse("2026-11-21T09:30:00Z");
  private final InstantSource time = () -> now;
  private final ProjectionStall stall = new ProjectionStall(time.withZone(ZoneOffset.UTC));

  @Test
  void aStallBeginsWhenThePositionWasFirstSeen() {
    update(1, 5, 0);
    update(1, 6, 10);
    update(1, 9, 20);

    assertThat(stall.longest()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aPartitionThatMovesOrIsAtItsEndIsNotStalled() {
    update(1, 5, 10);
    update(2, 6, 10);
    assertThat(stall.longest()).isEqualTo(Duration.ofSeconds(10));

    update(6, 6, 10);
    assertThat(stall.longest()).isZero();
    update(6, 6, 3600);
    assertThat(stall.longest()).isZero();
  }

  @Test
  void aMovingPartitionDoesNotHideAStalledOne() {
    stall.update(Map.of(ONE, 1L, TWO, 1L), Map.of(ONE, 5L, TWO, 5L));
    now = now.plusSeconds(10);
    stall.update(Map.of(ONE, 3L, TWO, 1L), Map.of(ONE, 5L, TWO, 5L));

    assertThat(stall.longest()).isEqualTo(Duration.ofSeconds(10));
    stall.reset();
    assertThat(stall.longest()).isZero();
  }

  private void update(long position, long end, int secondsLater) {
    stall.update(Map.of(ONE, position), Map.of(ONE, end));
    now = now.plusSeconds(secondsLater);
  }
}
