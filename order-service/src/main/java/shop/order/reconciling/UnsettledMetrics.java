package shop.order.reconciling;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;
import shop.order.redis.RedisUnavailable;
import shop.order.store.OrderLists;

/** The age of the oldest unsettled order; see monitoring/alerts.yml. */
@Component
class UnsettledMetrics implements MeterBinder {

  private final OrderLists lists;
  private final Clock clock;

  UnsettledMetrics(OrderLists lists, Clock clock) {
    this.lists = lists;
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
      return lists
          .oldestUnsettled()
          .map(since -> Duration.between(since, clock.instant()).toMillis() / 1000.0)
          .orElse(0.0);
    } catch (RedisUnavailable e) {
      return Double.NaN;
    }
  }
}
