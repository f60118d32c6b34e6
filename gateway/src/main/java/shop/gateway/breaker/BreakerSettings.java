package shop.gateway.breaker;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When the circuit breaker of a service opens and closes.
 *
 * @param failureRate percent of the requests in the window that must have failed for it to open, 1
 *     to 100
 * @param minimumCalls requests in the window below which it stays closed, at least 1
 * @param window of time, 1 s to 5 min, in whole seconds
 * @param openFor how long it stays open before it lets trial requests through, 1 ms to 5 min
 * @param trials requests that it lets through when half-open, 1 to 100; it closes unless {@code
 *     failureRate} percent of them fail
 */
public record BreakerSettings(
    @DefaultValue("50") int failureRate,
    @DefaultValue("20") int minimumCalls,
    @DefaultValue("10s") Duration window,
    @DefaultValue("3s") Duration openFor,
    @DefaultValue("5") int trials) {

  private static final int MAX_RATE = 100;
  private static final int MAX_TRIALS = 100;
  private static final Duration MAX_TIME = Duration.ofMinutes(5);

  /** Checks the values. */
  public BreakerSettings {
    require(failureRate >= 1 && failureRate <= MAX_RATE, "failure-rate", failureRate, "1 to 100");
    require(minimumCalls >= 1, "minimum-calls", minimumCalls, "1 and more");
    require(
        window.toSeconds() >= 1 && window.compareTo(MAX_TIME) <= 0, "window", window, "1s to 5m");
    require(
        openFor.toMillis() >= 1 && openFor.compareTo(MAX_TIME) <= 0,
        "open-for",
        openFor,
        "1ms to 5m");
    require(trials >= 1 && trials <= MAX_TRIALS, "trials", trials, "1 to 100");
  }

  private static void require(boolean valid, String name, Object value, String allowed) {
    if (!valid) {
      throw new IllegalArgumentException(
          "circuit-breaker.%s is %s; allowed are %s".formatted(name, value, allowed));
    }
  }
}
