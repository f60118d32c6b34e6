package shop.gateway.limits;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether rate limits are asked of Redis: a circuit breaker. It opens after {@value #FAILURES}
 * failures in succession; then one request per interval asks, and the first answer closes it. Only
 * changes are logged.
 */
final class RedisAvailability {

  private static final Logger log = LoggerFactory.getLogger(RedisAvailability.class);

  /** One slow answer is not yet an outage. */
  private static final int FAILURES = 3;

  private final long retryInterval;
  private final LongSupplier nanoTime;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong retryAt = new AtomicLong();

  RedisAvailability(Duration retryInterval, LongSupplier nanoTime) {
    this.retryInterval = retryInterval.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Whether a request may ask Redis now. */
  boolean mayAsk() {
    if (failures.get() < FAILURES) {
      return true;
    }
    long now = nanoTime.getAsLong();
    long next = retryAt.get();
    return now - next >= 0 && retryAt.compareAndSet(next, now + retryInterval);
  }

  /** Redis has answered. */
  void succeeded() {
    if (failures.get() > 0 && failures.getAndSet(0) >= FAILURES) {
      log.warn("Redis answers again; rate limits are shared by all gateways");
    }
  }

  /** Redis has not answered in time, or with an error. */
  void failed(Throwable cause) {
    if (failures.get() >= FAILURES) {
      return;
    }
    retryAt.set(nanoTime.getAsLong() + retryInterval);
    if (failures.incrementAndGet() == FAILURES) {
      log.warn(
          "Redis is unavailable for rate limits ({}). Each gateway limits by itself, logins,"
              + " registrations and refreshes are refused; Redis is asked again every {} ms",
          cause.toString(),
          retryInterval / 1_000_000);
    }
  }
}
