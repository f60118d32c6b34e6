package shop.payment.books;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The schedule of the reconciliation and its metrics; see monitoring/alerts.yml. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class ReconciliationConfiguration {

  @Bean
  MeterBinder reconciliationMetrics(ReconciliationRuns runs) {
    return registry -> {
      Gauge.builder("payments.reconciliation.lag", () -> runs.lag().toMillis() / 1000.0)
          .description("How far the slowest pass of the reconciliation is behind")
          .baseUnit("seconds")
          .register(registry);
      Gauge.builder("payments.reconciliation.differences", runs::openDifferences)
          .description("Differences between the log of payments and the PSP that are open")
          .register(registry);
    };
  }
}
