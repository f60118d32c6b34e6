package shop.gateway.routing;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.springframework.web.server.ServerWebExchange;
import shop.balancing.Algorithm;
import shop.balancing.Call;
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

  private final String name;
  private final InstanceSource source;
  private final Service instances;
  private final HashKey hashKey;
  private final RetryBudget retries;
  private final int tries;
  private final String algorithm;

  /** A service without instances; {@link InstanceDiscovery} adds those that the source reports. */
  Upstream(String name, UpstreamSettings settings, InstanceSource source) {
    this.name = name;
    this.source = source;
    this.instances = new Service(settings.balancing(RANDOM, TICKER), RANDOM);
    this.hashKey = HashKey.of(Algorithm.named(settings.algorithm()), settings.hashKey());
    this.retries = new RetryBudget(settings.retryBudget(), RETRIES_PER_SECOND);
    this.tries = settings.tries();
    this.algorithm = settings.algorithm();
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

  Upstreams.UpstreamStatus status() {
    return new Upstreams.UpstreamStatus(algorithm, instances.status(TICKER.getAsLong()));
  }

  /** Counts a request and returns its way to an instance. */
  UpstreamCall call(ServerWebExchange exchange) {
    retries.onRequest(TICKER.getAsLong());
    return new UpstreamCall(this, new Call(hashKey.hash(exchange), null, Locality.UNKNOWN));
  }

  /** Whether a request that has been sent so often may be sent to another instance. */
  boolean mayTryAnother(int attempts) {
    return attempts < tries;
  }

  /** Takes a retry of a request, of which something was sent, from the budget. */
  boolean tryRetry() {
    return retries.tryRetry(TICKER.getAsLong());
  }
}
