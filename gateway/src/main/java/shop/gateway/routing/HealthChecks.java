package shop.gateway.routing;

import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import shop.balancing.ActiveChecks.Result;
import shop.balancing.Health;
import shop.balancing.Instance;
import shop.balancing.ServiceStatus;

/**
 * Asks the instances whether they are ready, when their services say that a check is due, and lets
 * the services and their drains see time pass. Each check opens a connection, so that it notices an
 * instance that accepts no more of them.
 */
@Component
final class HealthChecks implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(HealthChecks.class);
  private static final String PATH = "/readyz";
  private static final Duration STEP = Duration.ofMillis(200);

  /** Ejections, drains and slow starts advance once a second; a check may be due sooner. */
  private static final int STEPS_PER_TICK = 5;

  private static final int READY = 200;
  private static final int NOT_READY = 503;

  private final Upstreams upstreams;
  private final HttpClient http = HttpClient.create(ConnectionProvider.newConnection());
  private final Map<String, Health> known = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private volatile @Nullable Disposable running;

  HealthChecks(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  @Override
  public void start() {
    running =
        Flux.interval(STEP, Schedulers.newSingle("health-checks", true))
            .onBackpressureDrop()
            .subscribe(this::step);
  }

  private void step(long number) {
    for (var upstream : upstreams.all()) {
      try {
        var now = Upstream.TICKER.getAsLong();
        upstream.instances().dueChecks(now).forEach(instance -> check(upstream, instance));
        if (number % STEPS_PER_TICK == 0) {
          upstream.instances().tick(now);
        }
        var status = upstream.instances().status(now);
        upstream.drains().update(status, now);
        logChanges(status);
      } catch (RuntimeException e) {
        log.error("Health of {} cannot be updated", upstream.name(), e);
      }
    }
    known.keySet().retainAll(seen);
    seen.clear();
  }

  private void check(Upstream upstream, Instance instance) {
    var timeout = upstream.settings().checks().timeout();
    http.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
        .get()
        .uri(instance.address().resolve(PATH))
        .response()
        .map(response -> result(response.status().code()))
        .timeout(timeout)
        .onErrorResume(_ -> Mono.just(Result.SILENT))
        .subscribe(
            result -> upstream.instances().onCheck(instance, result, Upstream.TICKER.getAsLong()));
  }

  private static Result result(int status) {
    return switch (status) {
      case READY -> Result.READY;
      case NOT_READY -> Result.NOT_READY;
      default -> Result.SILENT;
    };
  }

  private void logChanges(ServiceStatus service) {
    for (var status : service.instances()) {
      seen.add(status.instance().id());
      var before = known.put(status.instance().id(), status.health());
      if (before != null && before != status.health()) {
        log.warn("Instance {} is {}, was {}", status.instance().id(), status.health(), before);
      }
    }
  }

  @Override
  public void stop() {
    var current = running;
    if (current != null) {
      current.dispose();
      running = null;
    }
  }

  @Override
  public boolean isRunning() {
    return running != null;
  }
}
