package shop.gateway.routing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import shop.balancing.DrainAnswer;
import shop.balancing.Instance;
import shop.balancing.ServiceStatus;
import shop.gateway.breaker.ServiceBreaker;
import shop.gateway.concurrency.ServiceConcurrency;
import shop.gateway.discovery.InstanceSource;
import shop.gateway.discovery.InstanceSources;

/** The services behind the gateway, by name. */
@Component
public final class Upstreams {
  private final Map<String, Upstream> byName = new TreeMap<>();

  @Autowired
  Upstreams(
      RoutingSettings settings,
      InstanceSources sources,
      StickySettings sticky,
      MeterRegistry metrics,
      Clock clock) {
    this(
        settings,
        sources::of,
        metrics,
        name -> sticky.keys().isEmpty() ? null : new StickyCookie(name, sticky, clock));
  }

  /**
   * The configured services, without cookies that bind clients and without metrics.
   *
   * @param sources makes the source of a service's instances from its name and URLs
   */
  public Upstreams(
      RoutingSettings settings, BiFunction<String, List<String>, InstanceSource> sources) {
    this(settings, sources, new SimpleMeterRegistry(), _ -> null);
  }

  private Upstreams(
      RoutingSettings settings,
      BiFunction<String, List<String>, InstanceSource> sources,
      MeterRegistry metrics,
      Function<String, @Nullable StickyCookie> cookies) {
    settings
        .services()
        .forEach((name, upstream) ->
            byName.put(
                name,
                new Upstream(
                    name,
                    upstream,
                    sources.apply(name, upstream.instances()),
                    metrics,
                    cookies.apply(name))));
  }

  /** Replaces the instances of a service by those that discovery lists. */
  public void onDiscovered(String service, List<Instance> instances) {
    var upstream = byName.get(service);
    if (upstream != null) {
      upstream.onDiscovered(instances);
    }
  }

  @Nullable Upstream named(String name) {
    return byName.get(name);
  }

  Collection<Upstream> all() {
    return byName.values();
  }

  /** The base URLs of the instances that are known now, by service. */
  public Map<String, List<URI>> urls() {
    var urls = new TreeMap<String, List<URI>>();
    byName.forEach((name, upstream) ->
        urls.put(name, upstream.known().stream().map(Instance::address).toList()));
    return urls;
  }

  /** What operators see of each service, by name. */
  public Map<String, UpstreamStatus> status() {
    var status = new TreeMap<String, UpstreamStatus>();
    byName.forEach((name, upstream) -> status.put(name, upstream.status()));
    return status;
  }

  /** The settings of a service that are in force; empty if it is not configured. */
  public Optional<UpstreamSettings> settings(String service) {
    return Optional.ofNullable(byName.get(service)).map(Upstream::settings);
  }

  /** The instances of a service that discovery lists, with their weights; none if it is unknown. */
  public List<Instance> instances(String service) {
    var upstream = byName.get(service);
    return upstream == null ? List.of() : upstream.known();
  }

  /** The ids of all instances that discovery lists. */
  public Set<String> instanceIds() {
    return byName.values().stream()
        .flatMap(upstream -> upstream.known().stream())
        .map(Instance::id)
        .collect(Collectors.toSet());
  }

  /** Replaces what an admin has changed of a service; nothing if it is not configured. */
  public void override(String service, ServiceOverrides overrides) {
    var upstream = byName.get(service);
    if (upstream != null) {
      upstream.override(overrides);
    }
  }

  /**
   * Drains an instance, unless no other one of its service would get the requests.
   *
   * @param time for which clients that are bound to it may use it
   */
  public DrainAnswer drain(String instance, Duration time) {
    long now = Upstream.TICKER.getAsLong();
    return byName.values().stream()
        .map(upstream -> upstream.instances().drain(instance, now + time.toNanos(), now))
        .filter(answer -> answer != DrainAnswer.UNKNOWN_INSTANCE)
        .findFirst()
        .orElse(DrainAnswer.UNKNOWN_INSTANCE);
  }

  /**
   * Replaces all drains; those of unknown instances wait for them.
   *
   * @param times by instance id, for which bound clients may still use it; not positive if they may
   *     not
   */
  public void drains(Map<String, Duration> times) {
    long now = Upstream.TICKER.getAsLong();
    var deadlines = new HashMap<String, Long>();
    times.forEach((id, time) -> deadlines.put(id, now + time.toNanos()));
    byName.values().forEach(upstream -> upstream.instances().drains(deadlines, now));
  }

  /**
   * What operators see of a service.
   *
   * @param algorithm its name in the configuration
   * @param lastMinute by instance id
   */
  public record UpstreamStatus(
      String algorithm,
      ServiceBreaker.Status breaker,
      ServiceConcurrency concurrency,
      ServiceStatus instances,
      Map<String, RecentResponses.Summary> lastMinute) {}
}
