package shop.gateway.routing;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.springframework.web.server.ServerWebExchange;
import shop.balancing.Algorithm;
import shop.balancing.Balancer;
import shop.balancing.Call;
import shop.balancing.Candidates;
import shop.balancing.Instance;
import shop.balancing.Locality;
import shop.balancing.RetryBudget;
import shop.balancing.Service;
import shop.balancing.ServiceStatus;
import shop.gateway.discovery.InstanceSource;

/** A service behind the gateway: its instances, the choice among them, and its retry budget. */
final class Upstream {
  static final LongSupplier TICKER = System::nanoTime;
  private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();
  private static final int RETRIES_PER_SECOND = 3;

  /** One function of each algorithm: tables stay in use as long as the function is the same. */
  private static final Map<Algorithm, Function<Candidates, Balancer>> BALANCERS = balancers();

  private final String name;
  private final InstanceSource source;
  private final UpstreamSettings configured;
  private final Service instances;
  private final RetryBudget retries;
  private List<Instance> discovered = List.of();
  private ServiceOverrides overrides = ServiceOverrides.NONE;
  private volatile UpstreamSettings settings;
  private volatile HashKey hashKey;

  /** A service without instances; {@link InstanceDiscovery} adds those that the source reports. */
  Upstream(String name, UpstreamSettings settings, InstanceSource source) {
    this.name = name;
    this.source = source;
    this.configured = settings;
    this.settings = settings;
    this.hashKey = hashKey(settings);
    this.instances = new Service(settings.balancing(balancer(settings)), RANDOM);
    this.retries = new RetryBudget(settings.retryBudget(), RETRIES_PER_SECOND);
  }

  private static Map<Algorithm, Function<Candidates, Balancer>> balancers() {
    var all = new EnumMap<Algorithm, Function<Candidates, Balancer>>(Algorithm.class);
    for (var algorithm : Algorithm.values()) {
      all.put(algorithm, candidates -> algorithm.balancer(candidates, RANDOM, TICKER));
    }
    return all;
  }

  private static Function<Candidates, Balancer> balancer(UpstreamSettings settings) {
    return Objects.requireNonNull(BALANCERS.get(Algorithm.named(settings.algorithm())));
  }

  private static HashKey hashKey(UpstreamSettings settings) {
    return HashKey.of(Algorithm.named(settings.algorithm()), settings.hashKey());
  }

  String name() {
    return name;
  }

  InstanceSource source() {
    return source;
  }

  Service instances() {
    return instances;
  }

  /** The instances that are known now, whatever their health. */
  List<Instance> known() {
    return instances.status(TICKER.getAsLong()).instances().stream()
        .map(ServiceStatus.InstanceStatus::instance)
        .toList();
  }

  /** The settings in force, without overridden weights. */
  UpstreamSettings settings() {
    return settings;
  }

  /** Replaces the instances by those that discovery lists, with overridden weights. */
  synchronized void onDiscovered(List<Instance> listed) {
    discovered = List.copyOf(listed);
    instances.onDiscovered(
        discovered.stream().map(overrides::applyTo).toList(), TICKER.getAsLong());
  }

  /** Replaces what an admin has changed. */
  synchronized void override(ServiceOverrides changed) {
    var next = configured.with(changed);
    overrides = changed;
    settings = next;
    hashKey = hashKey(next);
    instances.settings(next.balancing(balancer(next)), TICKER.getAsLong());
    onDiscovered(discovered);
  }

  Upstreams.UpstreamStatus status() {
    return new Upstreams.UpstreamStatus(settings.algorithm(), instances.status(TICKER.getAsLong()));
  }

  /** Counts a request and returns its way to an instance. */
  UpstreamCall call(ServerWebExchange exchange) {
    retries.onRequest(TICKER.getAsLong());
    return new UpstreamCall(this, new Call(hashKey.hash(exchange), null, Locality.UNKNOWN));
  }

  /** Whether a request that has been sent so often may be sent to another instance. */
  boolean mayTryAnother(int attempts) {
    return attempts < configured.tries();
  }

  /** Takes a retry of a request, of which something was sent, from the budget. */
  boolean tryRetry() {
    return retries.tryRetry(TICKER.getAsLong());
  }
}
