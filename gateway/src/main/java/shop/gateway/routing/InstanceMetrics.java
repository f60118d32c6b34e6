package shop.gateway.routing;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** Gauges of each service: the healthy share of its instances, and its requests in flight. */
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
    }
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
