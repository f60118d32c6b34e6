package shop.gateway.routing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import shop.gateway.routing.UpstreamCall.ResponseKind;

/** Counts the responses of one instance: in a histogram for Prometheus, and of the last minute. */
final class InstanceResponses {

  /** Upper ends of the histogram's buckets. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private final RecentResponses recent;
  private final Map<ResponseKind, Timer> timers = new EnumMap<>(ResponseKind.class);
  private final MeterRegistry registry;

  /** Registers the instance's metrics. */
  InstanceResponses(String service, String instance, MeterRegistry registry, long now) {
    this.recent = new RecentResponses(now);
    this.registry = registry;
    for (var kind : ResponseKind.values()) {
      timers.put(
          kind,
          Timer.builder("gateway.upstream.responses")
              .description("Time from sending a request to an instance to the response's headers")
              .tag("service", service)
              .tag("upstream", instance)
              .tag("outcome", kind.name().toLowerCase(Locale.ROOT))
              .serviceLevelObjectives(BUCKETS)
              .register(registry));
    }
  }

  void count(ResponseKind kind, long nanos, long now) {
    Timer timer = timers.get(kind);
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
    switch (kind) {
      case SUCCESS -> recent.timed(nanos, false, now);
      case STREAM -> recent.untimed(now);
      case FAILURE, UNAVAILABLE -> recent.timed(nanos, true, now);
    }
  }

  RecentResponses.Summary lastMinute(long now) {
    return recent.summary(now);
  }

  /** Removes the metrics of an instance that is gone. */
  void remove() {
    timers.values().forEach(registry::remove);
  }
}
