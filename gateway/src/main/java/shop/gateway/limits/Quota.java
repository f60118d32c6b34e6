package shop.gateway.limits;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many requests may pass.
 *
 * @param limit requests in each {@code period}
 * @param period whole seconds
 * @param burst of a token bucket: requests that may pass at once; of a leaky bucket: requests that
 *     may wait; the limit if it is not set. A fixed window has none
 */
record Quota(
    @DefaultValue("token-bucket") Algorithm algorithm,
    int limit,
    @DefaultValue("1s") Duration period,
    @Nullable Integer burst) {

  /** A delayed request holds memory and the patience of its client. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(5);

  Quota {
    if (limit < 1 || (burst != null && (burst < 1 || burst > limit))) {
      throw new IllegalArgumentException(
          "In shop.limits, limit must be at least 1, and burst 1 to limit");
    }
    if (period.isZero() || period.isNegative() || period.toNanosPart() != 0) {
      throw new IllegalArgumentException(
          "In shop.limits, period must be whole seconds, such as 1m");
    }
    if (algorithm == Algorithm.FIXED_WINDOW && burst != null) {
      throw new IllegalArgumentException("In shop.limits, a fixed-window has no burst; remove it");
    }
    if (algorithm == Algorithm.LEAKY_BUCKET
        && longestWait(limit, period, burst) > MAX_WAIT.toMillis()) {
      throw new IllegalArgumentException(
          "In shop.limits, requests would wait in a leaky-bucket for more than %s; lower its burst below limit * %s / period"
              .formatted(MAX_WAIT, MAX_WAIT));
    }
  }

  private static long longestWait(int limit, Duration period, @Nullable Integer burst) {
    return period.toMillis() * (burst == null ? limit : burst) / limit;
  }

  /** As many times the requests in the same time, for a load test. */
  Quota times(int factor) {
    return new Quota(
        algorithm,
        Math.multiplyExact(limit, factor),
        period,
        burst == null ? null : Integer.valueOf(Math.multiplyExact(burst, factor)));
  }

  /** One gateway's share; at least 1. */
  Quota dividedBy(int gateways) {
    return new Quota(
        algorithm,
        Math.max(1, limit / gateways),
        period,
        burst == null ? null : Integer.valueOf(Math.max(1, burst / gateways)));
  }

  /** Intervals are rounded up to whole microseconds: a limit is never exceeded by rounding. */
  Meter meter() {
    long micros = period.toSeconds() * 1_000_000;
    long interval = Math.ceilDiv(micros, limit);
    long size = burst == null ? limit : burst;
    return switch (algorithm) {
      case TOKEN_BUCKET -> new TokenBucket(interval, size);
      case LEAKY_BUCKET -> new LeakyBucket(interval, size);
      case FIXED_WINDOW -> new FixedWindow(micros, limit);
    };
  }
}
