package shop.gateway.routing;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;

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
}
