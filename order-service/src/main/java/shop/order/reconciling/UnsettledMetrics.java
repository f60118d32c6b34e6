package shop.order.reconciling;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;
import shop.order.store.OrderLists;
import shop.order.store.RedisUnavailable;

/** How long the oldest order has waited to be settled; see monitoring/alerts.yml. */
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
        .description("Age of the oldest order that is not settled; NaN while Redis is away")
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
