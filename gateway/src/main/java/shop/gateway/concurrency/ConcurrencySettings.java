package shop.gateway.concurrency;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import shop.balancing.ConcurrencyLimiter;

/**
 * The adaptive concurrency limit of a service, of this gateway alone.
 *
 * @param enabled if not, no request is shed
 * @param min requests in flight below which the limit never falls, 1 to {@code max}
 * @param max the limit of a service that is not overloaded; nothing lowers it while fewer than half
 *     are in flight
 * @param latency a median response time of up to twice as much is never taken for overload
 */
public record ConcurrencySettings(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("100") int min,
    @DefaultValue("1000") int max,
    @DefaultValue("100ms") Duration latency) {

  /** Checks the values. */
  public ConcurrencySettings {
    limiter(min, max, latency);
  }

  ConcurrencyLimiter.Settings limiter() {
    return limiter(min, max, latency);
  }

  private static ConcurrencyLimiter.Settings limiter(int min, int max, Duration latency) {
    try {
      return new ConcurrencyLimiter.Settings(min, max, latency);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("concurrency-limit." + e.getMessage(), e);
    }
  }
}
