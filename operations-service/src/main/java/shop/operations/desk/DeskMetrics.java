package shop.operations.desk;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import shop.common.kafka.TopicFollower;
import shop.operations.State;

/**
 * The metrics for alerts: the number of open dead letters, the age of the oldest, and the arrivals.
 * They are registered only after the index is complete, so that a restart does not look like a
 * burst of arrivals. All instances report the same values.
 */
final class DeskMetrics {

  private static final Logger log = LoggerFactory.getLogger(DeskMetrics.class);

  private static final List<String> SERVICES =
      List.of(
          "gateway",
          "order-service",
          "payment-service",
          "notification-service",
          "analytics-service",
          "operations-service");

  private final Desk desk;
  private final TopicFollower follower;
  private final MeterRegistry registry;
  private final Clock clock;

  DeskMetrics(Desk desk, TopicFollower follower, MeterRegistry registry, Clock clock) {
    this.desk = desk;
    this.follower = follower;
    this.registry = registry;
    this.clock = clock;
  }

  @EventListener(ApplicationReadyEvent.class)
  void onReady() {
    Thread.ofVirtual()
        .name("desk-metrics")
        .start(() -> {
          try {
            follower.awaitCaughtUp();
            SERVICES.forEach(this::register);
          } catch (InterruptedException e) {
            log.debug("Stopped before the index was complete; no metrics are registered", e);
          }
        });
  }

  private void register(String service) {
    Arrays.stream(State.values())
        .filter(State::isOpen)
        .forEach(state ->
            Gauge.builder("dead_letters_open", () -> desk.tally().count(service, state))
                .description("Open dead letters of a service")
                .tag("service", service)
                .tag("state", state.name())
                .register(registry));
    TimeGauge.builder(
            "dead_letters_oldest_open_age", () -> oldestOpenAge(service), TimeUnit.SECONDS)
        .description("Age of a service's oldest open dead letter; 0 if there is none")
        .tag("service", service)
        .register(registry);
    FunctionCounter.builder("dead_letters_arrived", desk.tally(), tally -> tally.countAll(service))
        .description("All dead letters of a service, open or closed")
        .tag("service", service)
        .register(registry);
  }

  private long oldestOpenAge(String service) {
    if (desk.tally().countOpen(service) == 0) {
      return 0;
    }
    return desk.oldestFirst()
        .filter(letter -> letter.service().equals(service))
        .filter(letter -> desk.historyOf(letter.id()).state().isOpen())
        .findFirst()
        .map(oldest -> Duration.between(oldest.failedAt(), clock.instant()).toSeconds())
        .orElse(0L);
  }
}
