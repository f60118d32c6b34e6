package shop.order.reconciling;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;
import shop.order.reading.UnsettledOrders;
import shop.order.redis.RedisUnavailable;

/** The age of the oldest unsettled order; see monitoring/alerts.yml. */
@Component
class UnsettledMetrics implements MeterBinder {

  private final UnsettledOrders unsettled;
  private final Clock clock;

  UnsettledMetrics(UnsettledOrders unsettled, Clock clock) {
    this.unsettled = unsettled;
    this.clock = clock;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("orders.unsettled.age", this, UnsettledMetrics::age)
        .description("Age of the oldest unsettled order; NaN while Redis is unavailable")
        .baseUnit("seconds")
        .register(registry);
  }

  private double age() {
    try {
      Instant now = clock.instant();
      return unsettled
          .oldest(now)
          .map(since -> Duration.between(since, now).toMillis() / 1000.0)
          .orElse(0.0);
    } catch (RedisUnavailable e) {
      return Double.NaN;
    }
  }
}
