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
 * What alerts look at: how many dead letters wait, how long the oldest has, how fast they come.
 * There are no figures before the index is whole, so that a restart looks like no arrival; every
 * instance tells the same ones.
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
            log.debug("Stopped before the index was whole", e);
          }
        });
  }

  private void register(String service) {
    Arrays.stream(State.values())
        .filter(State::isOpen)
        .forEach(state ->
            Gauge.builder("dead_letters_open", () -> desk.tally().of(service, state))
                .description("Dead letters of a service that are not settled")
                .tag("service", service)
                .tag("state", state.name())
                .register(registry));
    TimeGauge.builder("dead_letters_oldest_open_age", () -> oldestAge(service), TimeUnit.SECONDS)
        .description("Age of the oldest dead letter that is not settled; 0 if there is none")
        .tag("service", service)
        .register(registry);
    FunctionCounter.builder("dead_letters_arrived", desk.tally(), tally -> tally.all(service))
        .description("Dead letters of a service that ever came")
        .tag("service", service)
        .register(registry);
  }

  private long oldestAge(String service) {
    if (desk.tally().open(service) == 0) {
      return 0;
    }
    return desk.oldestFirst()
        .filter(letter -> letter.service().equals(service))
        .filter(letter -> desk.lifeOf(letter.id()).state().isOpen())
        .findFirst()
        .map(oldest -> Duration.between(oldest.failedAt(), clock.instant()).toSeconds())
        .orElse(0L);
  }
}
