package shop.gateway.limits;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Counts decisions by policy and outcome. */
@Component
final class LimitMetrics {

  /** How a request was decided. */
  enum Outcome {
    ALLOWED,
    REFUSED,
    /** Without Redis. */
    ALLOWED_LOCALLY,
    /** Without Redis. */
    REFUSED_LOCALLY,
    /** Refused, because Redis is unavailable. */
    UNAVAILABLE
  }

  private record Key(String policy, Outcome outcome) {}

  private final MeterRegistry registry;
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

  LimitMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void count(Policy policy, Outcome outcome) {
    counters.computeIfAbsent(new Key(policy.name(), outcome), this::register).increment();
  }

  private Counter register(Key key) {
    return Counter.builder("gateway.rate.limit")
        .description("Requests by rate limit and decision")
        .tag("policy", key.policy())
        .tag("outcome", key.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .register(registry);
  }
}
