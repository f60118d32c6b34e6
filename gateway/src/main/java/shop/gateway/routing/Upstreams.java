package shop.gateway.routing;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The services behind the gateway, by name. */
@Component
final class Upstreams {
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
}
