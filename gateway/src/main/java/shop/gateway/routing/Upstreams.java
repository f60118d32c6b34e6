package shop.gateway.routing;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.balancing.Instance;
import shop.balancing.ServiceStatus;
import shop.gateway.discovery.InstanceSources;

/** The services behind the gateway, by name. */
@Component
public final class Upstreams {
  private final Map<String, Upstream> byName = new TreeMap<>();

  Upstreams(RoutingSettings settings, InstanceSources sources) {
    settings
        .services()
        .forEach((name, upstream) ->
            byName.put(name, new Upstream(name, upstream, sources.of(name, upstream.instances()))));
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

  /**
   * What operators see of a service.
   *
   * @param algorithm its name in the configuration
   */
  public record UpstreamStatus(String algorithm, ServiceStatus instances) {}
}
