package shop.gateway.routing;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.scheduler.Schedulers;
import shop.balancing.Algorithm;
import shop.balancing.Balancer;
import shop.balancing.Call;
import shop.balancing.Candidates;
import shop.balancing.Instance;
import shop.balancing.RetryBudget;
import shop.balancing.Service;
import shop.balancing.ServiceStatus;
import shop.gateway.breaker.ServiceBreaker;
import shop.gateway.concurrency.ServiceConcurrency;
import shop.gateway.discovery.InstanceSource;
import shop.gateway.edge.ClientLocality;
import shop.gateway.routing.UpstreamCall.ResponseKind;

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
  private final Drains drains = new Drains(TICKER, RANDOM, Schedulers.parallel());
  private final ServiceBreaker breaker;
  private final ServiceConcurrency concurrency;
  private final Map<String, InstanceResponses> responses = new ConcurrentHashMap<>();
  private final MeterRegistry metrics;
  private List<Instance> discovered = List.of();
  private ServiceOverrides overrides = ServiceOverrides.NONE;
  private volatile UpstreamSettings settings;
  private volatile HashKey hashKey;
  private final @Nullable StickyCookie cookie;
  private volatile @Nullable StickyCookie sticky;

  /**
   * A service without instances; {@link InstanceDiscovery} adds those that the source reports.
   *
   * @param metrics where its instances are registered while discovery lists them
   * @param cookie binds clients to instances if the algorithm is sticky; null if nothing does
   */
  Upstream(
      String name,
      UpstreamSettings settings,
      InstanceSource source,
      MeterRegistry metrics,
      @Nullable StickyCookie cookie) {
    this.name = name;
    this.source = source;
    this.metrics = metrics;
    this.configured = settings;
    this.settings = settings;
    this.hashKey = hashKey(settings);
    this.cookie = cookie;
    this.sticky = sticky(settings);
    this.instances = new Service(settings.balancing(balancer(settings)), RANDOM);
    this.retries = new RetryBudget(settings.retryBudget(), RETRIES_PER_SECOND);
    this.breaker = new ServiceBreaker(name, settings.circuitBreaker(), TICKER);
    this.concurrency = new ServiceConcurrency(name, settings.concurrencyLimit(), TICKER);
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

  private @Nullable StickyCookie sticky(UpstreamSettings settings) {
    return Algorithm.named(settings.algorithm()) == Algorithm.STICKY ? cookie : null;
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

  Drains drains() {
    return drains;
  }

  ServiceBreaker breaker() {
    return breaker;
  }

  ServiceConcurrency concurrency() {
    return concurrency;
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
    countResponsesOf(discovered);
    if (cookie != null) {
      cookie.onDiscovered(discovered.stream().map(Instance::id).toList());
    }
    instances.onDiscovered(
        discovered.stream().map(overrides::applyTo).toList(), TICKER.getAsLong());
  }

  private void countResponsesOf(List<Instance> listed) {
    var ids = listed.stream().map(Instance::id).collect(Collectors.toSet());
    responses
        .entrySet()
        .removeIf(entry -> {
          boolean gone = !ids.contains(entry.getKey());
          if (gone) {
            entry.getValue().remove();
          }
          return gone;
        });
    for (var id : ids) {
      responses.computeIfAbsent(
          id, _ -> new InstanceResponses(name, id, metrics, TICKER.getAsLong()));
    }
  }

  /** Counts a response of an instance, unless that is gone. */
  void count(Instance instance, ResponseKind kind, long nanos, long now) {
    var counted = responses.get(instance.id());
    if (counted != null) {
      counted.count(kind, nanos, now);
    }
  }

  /** Replaces what an admin has changed. */
  synchronized void override(ServiceOverrides changed) {
    var next = configured.with(changed);
    overrides = changed;
    settings = next;
    hashKey = hashKey(next);
    sticky = sticky(next);
    instances.settings(next.balancing(balancer(next)), TICKER.getAsLong());
    onDiscovered(discovered);
  }

  Upstreams.UpstreamStatus status() {
    long now = TICKER.getAsLong();
    var lastMinute = new HashMap<String, RecentResponses.Summary>();
    responses.forEach((id, counted) -> lastMinute.put(id, counted.lastMinute(now)));
    return new Upstreams.UpstreamStatus(
        settings.algorithm(), breaker.status(), concurrency, instances.status(now), lastMinute);
  }

  /**
   * Counts a request and returns its way to an instance.
   *
   * @param slot of the service's concurrency limit, which the call ends if nothing did before
   */
  UpstreamCall call(ServerWebExchange exchange, ServiceConcurrency.Slot slot) {
    retries.onRequest(TICKER.getAsLong());
    var binding = sticky;
    var session = binding == null ? null : new StickySession(binding, exchange);
    var call =
        new Call(
            hashKey.hash(exchange),
            session == null ? null : session.instance(),
            ClientLocality.of(exchange));
    return new UpstreamCall(this, call, session, slot);
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
