package shop.gateway.discovery;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import shop.balancing.Instance;

/** The instances of a service from all of its sources, each id once, and not without bound. */
record CombinedInstances(String service, List<InstanceSource> sources) implements InstanceSource {

  /** More are left out: each is checked, and each change of one rebuilds tables of all. */
  static final int MAX_INSTANCES = 1_000;

  private static final Logger log = LoggerFactory.getLogger(CombinedInstances.class);

  @Override
  public Flux<List<Instance>> instances() {
    return Flux.combineLatest(
            sources.stream().map(InstanceSource::instances).toList(), this::combined)
        .distinctUntilChanged();
  }

  @SuppressWarnings("unchecked")
  private List<Instance> combined(Object[] lists) {
    var ids = new HashSet<String>();
    var all =
        Arrays.stream(lists)
            .flatMap(list -> ((List<Instance>) list).stream())
            .filter(instance -> ids.add(instance.id()))
            .toList();
    if (all.size() <= MAX_INSTANCES) {
      return all;
    }
    log.warn(
        "{} has {} instances; {} of them are used and the others are left out",
        service,
        all.size(),
        MAX_INSTANCES);
    return all.subList(0, MAX_INSTANCES);
  }
}
