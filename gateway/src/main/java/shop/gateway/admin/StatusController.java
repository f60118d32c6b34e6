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
import shop.balancing.ServiceStatus;
import shop.balancing.ServiceStatus.InstanceStatus;
import shop.gateway.routing.Upstreams;
import shop.gateway.settings.GatewaySettings;
import shop.gateway.settings.GatewaySettings.Overridden;

/** The state of the services' instances, as this gateway sees it. */
@RestController
final class StatusController {

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
                    entry.getValue().instances(),
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
   * @param panic whether health is disregarded in a group of instances
   * @param healthyShare 0 to 1
   */
  record ServiceView(
      String name,
      String algorithm,
      @Nullable Instant overriddenSince,
      boolean panic,
      double healthyShare,
      List<InstanceView> instances) {

    static ServiceView of(
        String name,
        String algorithm,
        @Nullable Instant overriddenSince,
        ServiceStatus status,
        Instant now) {
      return new ServiceView(
          name,
          algorithm,
          overriddenSince,
          status.panic(),
          status.healthyShare(),
          status.instances().stream().map(instance -> InstanceView.of(instance, now)).toList());
    }
  }

  /**
   * One instance.
   *
   * @param weight configured
   * @param effectiveWeight with which it is chosen, slow start included; 0 if it gets no new
   *     requests
   * @param inFlight requests that have begun and not ended
   * @param responseTimeMillis peak EWMA of the time to the response's headers; 0 if unknown
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
      int ejections,
      @Nullable Instant ejectedUntil,
      @Nullable Instant drainsUntil) {

    private static final double NANOS_PER_MILLI = 1e6;

    static InstanceView of(InstanceStatus status, Instant now) {
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
          status.responseTime().toNanos() / NANOS_PER_MILLI,
          status.ejections(),
          after(now, status.ejectedFor()),
          after(now, status.drainsFor()));
    }

    private static @Nullable Instant after(Instant now, @Nullable Duration time) {
      return time == null ? null : now.plus(time);
    }
  }
}
