package shop.operations.desk;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import shop.operations.Entry;

/** How many dead letters are open, and how long the oldest has been: what alerts look at. */
final class DeskMetrics implements MeterBinder {

  private static final List<String> SERVICES =
      List.of(
          "order-service",
          "payment-service",
          "notification-service",
          "analytics-service",
          "operations-service");

  private final Desk desk;
  private final Clock clock;

  DeskMetrics(Desk desk, Clock clock) {
    this.desk = desk;
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (String service : SERVICES) {
      Gauge.builder("dead_letters_open", () -> open(service))
          .description("Dead letters of a service that are not settled")
          .tag("service", service)
          .register(registry);
    }
    TimeGauge.builder("dead_letters_oldest_open_age", this::oldestAge, TimeUnit.SECONDS)
        .description("Age of the oldest dead letter that is not settled; 0 if there is none")
        .register(registry);
  }

  private long open(String service) {
    return desk.entries()
        .filter(entry -> entry.life().state().isOpen())
        .filter(entry -> entry.letter().service().equals(service))
        .count();
  }

  private long oldestAge() {
    return desk.entries()
        .filter(entry -> entry.life().state().isOpen())
        .map(Entry::letter)
        .reduce((_, older) -> older)
        .map(oldest -> Duration.between(oldest.failedAt(), clock.instant()).toSeconds())
        .orElse(0L);
  }
}
