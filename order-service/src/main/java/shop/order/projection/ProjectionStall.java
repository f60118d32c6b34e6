package shop.order.projection;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;

/**
 * Measures how long the projector has been stalled in a partition that has more records. It never
 * skips an event that it cannot apply, so an operator must act; see monitoring/alerts.yml.
 */
@Component
class ProjectionStall implements MeterBinder {

  private final Clock clock;
  private final Map<TopicPartition, Stall> stalls = new HashMap<>();

  ProjectionStall(Clock clock) {
    this.clock = clock;
  }

  private record Stall(long position, Instant since) {}

  @Override
  public void bindTo(MeterRegistry registry) {
    TimeGauge.builder("orders.projection.standstill", () -> longest().toSeconds(), TimeUnit.SECONDS)
        .description("How long the projector has been stalled in a partition that has more records")
        .register(registry);
  }

  /** Compares the projector's positions with the ends of the log. */
  synchronized void update(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
    ends.forEach((partition, end) -> {
      long position = positions.getOrDefault(partition, 0L);
      if (position >= end) {
        stalls.remove(partition);
      } else if (!stalls.containsKey(partition) || stalls.get(partition).position() != position) {
        stalls.put(partition, new Stall(position, clock.instant()));
      }
    });
  }

  /** Forgets all stalls, because Redis is rebuilt from the beginning of the log. */
  synchronized void reset() {
    stalls.clear();
  }

  /** The duration of the longest stall; zero if every partition is at its end or moves. */
  synchronized Duration longest() {
    return stalls.values().stream()
        .map(stall -> Duration.between(stall.since(), clock.instant()))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
