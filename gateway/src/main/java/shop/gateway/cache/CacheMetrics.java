package shop.gateway.cache;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** How requests of cached paths were answered, and the size of the cache. */
@Component
final class CacheMetrics implements MeterBinder {

  private final ResponseCache cache;

  CacheMetrics(ResponseCache cache) {
    this.cache = cache;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (var status : CacheStatus.values()) {
      FunctionCounter.builder("gateway.cache.requests", cache, c -> c.requests(status))
          .description("Public GET and HEAD requests of cached paths, by how they were answered")
          .tag("result", status.label())
          .register(registry);
    }
    FunctionCounter.builder("gateway.cache.evictions", cache, ResponseCache::evictions)
        .description("Resources that were displaced because the cache was full")
        .register(registry);
    Gauge.builder("gateway.cache.bytes", cache, ResponseCache::bytes)
        .description("Bytes that the stored responses take in memory, about")
        .baseUnit("bytes")
        .register(registry);
  }
}
