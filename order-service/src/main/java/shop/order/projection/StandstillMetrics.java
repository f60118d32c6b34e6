package shop.order.projection;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** How long the view of orders has stood still; see monitoring/alerts.yml. */
@Component
class StandstillMetrics implements MeterBinder {

  private final Standstill standstill;

  StandstillMetrics(Standstill standstill) {
    this.standstill = standstill;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    TimeGauge.builder(
            "orders.projection.standstill",
            () -> standstill.longest().toSeconds(),
            TimeUnit.SECONDS)
        .description("How long the projector has not moved in a partition that goes on")
        .register(registry);
  }
}
