package shop.gateway.routing;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;
import shop.balancing.Priority;
import shop.gateway.breaker.ServiceBreaker;
import shop.gateway.concurrency.ServiceConcurrency;

/**
 * Metrics of each service: the healthy share of its instances, its requests in flight, its circuit
 * breaker, and its concurrency limit.
 */
@Component
final class InstanceMetrics implements MeterBinder {

  private final Upstreams upstreams;

  InstanceMetrics(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (var upstream : upstreams.all()) {
      Gauge.builder("gateway.instances.healthy", upstream, InstanceMetrics::healthyShare)
          .description("Share of the service's instances that are healthy, 0 to 1")
          .tag("service", upstream.name())
          .register(registry);
      Gauge.builder("gateway.requests.in.flight", upstream, InstanceMetrics::inFlight)
          .description("Requests to the service that have begun and not ended")
          .tag("service", upstream.name())
          .register(registry);
      Gauge.builder("gateway.circuit.breaker.state", upstream.breaker(), ServiceBreaker::level)
          .description("0 if the service's circuit breaker is closed, 1 half-open, 2 open")
          .tag("service", upstream.name())
          .register(registry);
      FunctionCounter.builder(
              "gateway.circuit.breaker.refused", upstream.breaker(), ServiceBreaker::refused)
          .description("Requests that the service's circuit breaker refused")
          .tag("service", upstream.name())
          .register(registry);
      bindConcurrency(registry, upstream);
    }
  }

  private static void bindConcurrency(MeterRegistry registry, Upstream upstream) {
    if (upstream.concurrency().status() == null) {
      return;
    }
    Gauge.builder("gateway.concurrency.limit", upstream.concurrency(), InstanceMetrics::limit)
        .description("Requests to the service that may wait for its response at a time")
        .tag("service", upstream.name())
        .register(registry);
    for (var priority : Priority.values()) {
      FunctionCounter.builder(
              "gateway.concurrency.shed",
              upstream.concurrency(),
              concurrency -> concurrency.shedOf(priority))
          .description("Requests that were shed, because the service is overloaded")
          .tag("service", upstream.name())
          .tag("priority", ServiceConcurrency.text(priority))
          .register(registry);
    }
  }

  private static double limit(ServiceConcurrency concurrency) {
    var status = concurrency.status();
    return status == null ? Double.NaN : status.limit();
  }

  private static double healthyShare(Upstream upstream) {
    return upstream.status().instances().healthyShare();
  }

  private static double inFlight(Upstream upstream) {
    return upstream.status().instances().instances().stream()
        .mapToLong(instance -> instance.inFlight())
        .sum();
  }
}
