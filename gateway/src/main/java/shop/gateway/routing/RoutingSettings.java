package shop.gateway.routing;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import shop.balancing.Instance;

/**
 * The services behind the gateway.
 *
 * @param services by the name that routes use: {@code lb://order-service}
 */
@ConfigurationProperties("shop.gateway")
public record RoutingSettings(Map<String, UpstreamSettings> services) {

  /** Copies the map. */
  public RoutingSettings {
    services = Map.copyOf(services);
  }

  /** The base URLs of a service's configured instances. */
  public List<URI> urls(String service) {
    var settings = services.get(service);
    return settings == null
        ? List.of()
        : settings.configuredInstances(service).stream().map(Instance::address).toList();
  }
}
