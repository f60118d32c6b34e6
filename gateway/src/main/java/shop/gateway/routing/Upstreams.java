package shop.gateway.routing;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.balancing.ServiceStatus;

/** The services behind the gateway, by name. */
@Component
public final class Upstreams {
  private final Map<String, Upstream> byName = new TreeMap<>();

  Upstreams(RoutingSettings settings) {
    settings.services().forEach((name, upstream) -> byName.put(name, new Upstream(name, upstream)));
  }

  @Nullable Upstream named(String name) {
    return byName.get(name);
  }

  Collection<Upstream> all() {
    return byName.values();
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
