package shop.gateway.routing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import shop.balancing.Instance;

/** Keeps the services' instances as their sources report them, from before the first request on. */
@Component
final class InstanceDiscovery implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(InstanceDiscovery.class);

  private final Upstreams upstreams;
  private Disposable.@Nullable Composite following;

  InstanceDiscovery(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  @Override
  public synchronized void start() {
    var all = Disposables.composite();
    upstreams.all().forEach(upstream -> all.add(follow(upstream)));
    following = all;
  }

  private static Disposable follow(Upstream upstream) {
    return upstream
        .source()
        .instances()
        .subscribe(
            instances -> replace(upstream, instances),
            failure ->
                log.error("Instances of {} are not updated any more", upstream.name(), failure));
  }

  private static void replace(Upstream upstream, List<Instance> instances) {
    var before = ids(upstream.known());
    upstream.onDiscovered(instances);
    var after = ids(instances);
    var added = new HashSet<>(after);
    added.removeAll(before);
    before.removeAll(after);
    if (!added.isEmpty() || !before.isEmpty()) {
      log.info(
          "{} has {} instances: added {}, removed {}",
          upstream.name(),
          after.size(),
          added,
          before);
    }
  }

  private static Set<String> ids(List<Instance> instances) {
    return instances.stream().map(Instance::id).collect(Collectors.toCollection(HashSet::new));
  }

  @Override
  public synchronized void stop() {
    if (following != null) {
      following.dispose();
      following = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return following != null;
  }

  /** Before the server accepts requests. */
  @Override
  public int getPhase() {
    return 0;
  }
}
