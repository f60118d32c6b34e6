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
 * How long the projector has not moved in a partition that goes on: it never passes over an event
 * that it cannot apply, so somebody has to look; see monitoring/alerts.yml.
 */
@Component
class ProjectionStall implements MeterBinder {

  private final Clock clock;
  private final Map<TopicPartition, Stand> stands = new HashMap<>();

  ProjectionStall(Clock clock) {
    this.clock = clock;
  }

  private record Stand(long at, Instant since) {}

  @Override
  public void bindTo(MeterRegistry registry) {
    TimeGauge.builder("orders.projection.standstill", () -> longest().toSeconds(), TimeUnit.SECONDS)
        .description("How long the projector has not moved in a partition that goes on")
        .register(registry);
  }

  /** Takes in where the projector is, and how far the log goes. */
  synchronized void compare(Map<TopicPartition, Long> at, Map<TopicPartition, Long> ends) {
    ends.forEach((partition, end) -> {
      long position = at.getOrDefault(partition, 0L);
      if (position >= end) {
        stands.remove(partition);
      } else if (!stands.containsKey(partition) || stands.get(partition).at() != position) {
        stands.put(partition, new Stand(position, clock.instant()));
      }
    });
  }

  /** Forgets all: Redis is filled anew. */
  synchronized void forget() {
    stands.clear();
  }

  /** Of the partition that has stood still longest; zero if all are at the end or move. */
  synchronized Duration longest() {
    return stands.values().stream()
        .map(stand -> Duration.between(stand.since(), clock.instant()))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
