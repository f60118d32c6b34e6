package shop.gateway.admin;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.balancing.Priority;
import shop.balancing.ServiceStatus.InstanceStatus;
import shop.gateway.breaker.ServiceBreaker;
import shop.gateway.concurrency.ServiceConcurrency;
import shop.gateway.routing.RecentResponses;
import shop.gateway.routing.Upstreams;
import shop.gateway.routing.Upstreams.UpstreamStatus;
import shop.gateway.settings.GatewaySettings;
import shop.gateway.settings.GatewaySettings.Overridden;

/** The state of the services' instances, as this gateway sees it. */
@RestController
final class StatusController {

  private static final double NANOS_PER_MILLI = 1e6;

  private final Upstreams upstreams;
  private final GatewaySettings settings;
  private final Clock clock;

  StatusController(Upstreams upstreams, GatewaySettings settings, Clock clock) {
    this.upstreams = upstreams;
    this.settings = settings;
    this.clock = clock;
  }

  @GetMapping("/admin/gateway/status")
  StatusView status() {
    var now = clock.instant();
    return new StatusView(
        upstreams.status().entrySet().stream()
            .map(entry ->
                ServiceView.of(
                    entry.getKey(),
                    entry.getValue().algorithm(),
                    settings.of(entry.getKey()).map(Overridden::since).orElse(null),
                    BreakerView.of(entry.getValue().breaker(), now),
                    ConcurrencyView.of(entry.getValue().concurrency()),
                    entry.getValue(),
                    now))
            .toList());
  }

  /** All services, by name. */
  record StatusView(List<ServiceView> services) {}

  /**
   * One service.
   *
   * @param overriddenSince since when settings that an admin has changed are in force; null if all
   *     are as application.yml says
   * @param concurrencyLimit null if it is switched off
   * @param panic whether health is disregarded in a group of instances
   * @param healthyShare 0 to 1
   */
  record ServiceView(
      String name,
      String algorithm,
      @Nullable Instant overriddenSince,
      BreakerView circuitBreaker,
      @Nullable ConcurrencyView concurrencyLimit,
      boolean panic,
      double healthyShare,
      List<InstanceView> instances) {

    static ServiceView of(
        String name,
        String algorithm,
        @Nullable Instant overriddenSince,
        BreakerView circuitBreaker,
        @Nullable ConcurrencyView concurrencyLimit,
        UpstreamStatus upstream,
        Instant now) {
      var status = upstream.instances();
      return new ServiceView(
          name,
          algorithm,
          overriddenSince,
          circuitBreaker,
          concurrencyLimit,
          status.panic(),
          status.healthyShare(),
          status.instances().stream()
              .map(instance ->
                  InstanceView.of(
                      instance, upstream.lastMinute().get(instance.instance().id()), now))
              .toList());
    }
  }

  /**
   * The circuit breaker of a service.
   *
   * @param state closed, open or half-open
   */
  record BreakerView(String state, Instant since) {
    static BreakerView of(ServiceBreaker.Status status, Instant now) {
      return new BreakerView(status.state(), now.minus(status.since()));
    }
  }

  /**
   * The adaptive concurrency limit of a service.
   *
   * @param limit requests that may wait for the service's response at a time
   * @param inFlight requests that do
   * @param unloadedMillis the response time without a queue, as far as known; overload is a median
   *     of more than twice as much
   * @param shed requests that were shed since the gateway started
   */
  record ConcurrencyView(int limit, int inFlight, double unloadedMillis, ShedView shed) {
    static @Nullable ConcurrencyView of(ServiceConcurrency concurrency) {
      var status = concurrency.status();
      return status == null
          ? null
          : new ConcurrencyView(
              status.limit(),
              status.inFlight(),
              millis(status.unloaded()),
              new ShedView(
                  concurrency.shedOf(Priority.LOW),
                  concurrency.shedOf(Priority.NORMAL),
                  concurrency.shedOf(Priority.HIGH)));
    }
  }

  /** Numbers by priority. */
  record ShedView(long low, long normal, long high) {}

  /**
   * One instance.
   *
   * @param weight configured
   * @param effectiveWeight with which it is chosen, slow start included; 0 if it gets no new
   *     requests
   * @param inFlight requests that have begun and not ended
   * @param responseTimeMillis peak EWMA of the time to the response's headers; 0 if unknown
   * @param lastMinute its responses; null if discovery lists it no more
   * @param ejections that are not forgotten yet
   * @param ejectedUntil null if it is not ejected
   * @param drainsUntil until when clients that are bound to it may use it; null if it does not
   *     drain
   */
  record InstanceView(
      String id,
      URI url,
      String region,
      String zone,
      int priority,
      String state,
      Instant since,
      int weight,
      double effectiveWeight,
      long inFlight,
      double responseTimeMillis,
      @Nullable LastMinute lastMinute,
      int ejections,
      @Nullable Instant ejectedUntil,
      @Nullable Instant drainsUntil) {

    static InstanceView of(
        InstanceStatus status, RecentResponses.@Nullable Summary lastMinute, Instant now) {
      var instance = status.instance();
      return new InstanceView(
          instance.id(),
          instance.address(),
          instance.locality().region(),
          instance.locality().zone(),
          instance.priority(),
          status.health().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          now.minus(status.since()),
          instance.weight(),
          status.weight(),
          status.inFlight(),
          millis(status.responseTime()),
          lastMinute == null ? null : LastMinute.of(lastMinute),
          status.ejections(),
          after(now, status.ejectedFor()),
          after(now, status.drainsFor()));
    }

    private static @Nullable Instant after(Instant now, @Nullable Duration time) {
      return time == null ? null : now.plus(time);
    }
  }

  /**
   * The responses of an instance in the last minute.
   *
   * @param errors share of them that are errors of the instance, or missing, 0 to 1
   * @param p50Millis median of the time to the headers; 0 if there were none
   * @param p99Millis its 99th percentile; at most a quarter too high, like the median
   */
  record LastMinute(double perSecond, double errors, double p50Millis, double p99Millis) {
    static LastMinute of(RecentResponses.Summary summary) {
      return new LastMinute(
          summary.perSecond(), summary.errors(), millis(summary.median()), millis(summary.p99()));
    }
  }

  private static double millis(Duration time) {
    return time.toNanos() / NANOS_PER_MILLI;
  }
}
