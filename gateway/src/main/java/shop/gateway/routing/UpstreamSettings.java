package shop.gateway.routing;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.boot.context.properties.bind.DefaultValue;
import shop.balancing.ActiveChecks;
import shop.balancing.Algorithm;
import shop.balancing.Balancer;
import shop.balancing.Candidates;
import shop.balancing.Outliers;
import shop.balancing.ServiceSettings;
import shop.balancing.SlowStart;
import shop.gateway.breaker.BreakerSettings;
import shop.gateway.concurrency.ConcurrencySettings;

/**
 * The settings of one service behind the gateway.
 *
 * @param instances base URLs or DNS names; see {@link shop.gateway.discovery.InstanceSources}
 * @param algorithm name of an {@link Algorithm}
 * @param hashKey what {@code consistent-hash}, {@code bounded-load} and {@code maglev} keep
 *     together; see {@link HashKey}
 * @param tries instances that one request may be sent to, 1 to 5
 * @param retryBudget percent of the requests of the last 10 s that may be sent once more after
 *     something of them was sent
 * @param panicPercent health is disregarded when fewer of the instances are available
 */
public record UpstreamSettings(
    List<String> instances,
    @DefaultValue("p2c") String algorithm,
    @DefaultValue("session") String hashKey,
    @DefaultValue("3") int tries,
    @DefaultValue("20") int retryBudget,
    @DefaultValue("50") int panicPercent,
    @DefaultValue Checks checks,
    @DefaultValue Ejection ejection,
    @DefaultValue BreakerSettings circuitBreaker,
    @DefaultValue ConcurrencySettings concurrencyLimit,
    @DefaultValue("30s") Duration slowStart) {

  private static final int MAX_TRIES = 5;
  // Envoy's factor: a region that is 72 % healthy still takes all of its requests.
  private static final double OVERPROVISIONING = 1.4;

  /** Checks what the types of the parts do not check. */
  public UpstreamSettings {
    instances = List.copyOf(instances);
    Algorithm.named(algorithm);
    HashKey.named(hashKey);
    if (tries < 1 || tries > MAX_TRIES) {
      throw new IllegalArgumentException(
          "tries is %d; allowed are 1 to %d".formatted(tries, MAX_TRIES));
    }
  }

  /**
   * Active checks: {@code GET /readyz} of each instance.
   *
   * @param interval from the end of a check to the beginning of the next
   * @param timeout how long an answer may take
   * @param rise checks in succession that must pass until an instance gets requests again
   * @param fall checks in succession that must fail until it gets none; a 503 takes it out at once
   */
  public record Checks(
      @DefaultValue("2s") Duration interval,
      @DefaultValue("1s") Duration timeout,
      @DefaultValue("2") int rise,
      @DefaultValue("3") int fall) {

    private static final double JITTER = 0.1;

    ActiveChecks.Settings settings() {
      return new ActiveChecks.Settings(interval, timeout, rise, fall, JITTER);
    }
  }

  /**
   * Passive ejection of instances whose responses fail.
   *
   * @param failures failed requests in succession that eject an instance
   * @param base time of the first ejection; each further one lasts longer
   * @param max longest time
   * @param maxPercent of the instances that may be ejected at a time, but always one of two or more
   */
  public record Ejection(
      @DefaultValue("5") int failures,
      @DefaultValue("30s") Duration base,
      @DefaultValue("5m") Duration max,
      @DefaultValue("10") int maxPercent) {

    Outliers.Settings settings() {
      var defaults = Outliers.Settings.DEFAULT;
      return new Outliers.Settings(
          failures, base, max, defaults.interval(), defaults.jitter(), maxPercent);
    }
  }

  /** The same with what an admin has changed. */
  UpstreamSettings with(ServiceOverrides overrides) {
    return new UpstreamSettings(
        instances,
        Objects.requireNonNullElse(overrides.algorithm(), algorithm),
        Objects.requireNonNullElse(overrides.hashKey(), hashKey),
        tries,
        retryBudget,
        Objects.requireNonNullElse(overrides.panicPercent(), panicPercent),
        checks,
        ejection,
        circuitBreaker,
        concurrencyLimit,
        slowStart);
  }

  /**
   * The part of the settings that the choice among the instances follows.
   *
   * @param balancer the function of {@link #algorithm}; the same one keeps the tables in use
   */
  ServiceSettings balancing(Function<Candidates, Balancer> balancer) {
    var slow = SlowStart.Settings.DEFAULT;
    return new ServiceSettings(
        balancer,
        Algorithm.named(algorithm).isKeyed(),
        checks.settings(),
        ejection.settings(),
        new SlowStart.Settings(slowStart, slow.least(), slow.aggression()),
        panicPercent,
        OVERPROVISIONING);
  }
}
