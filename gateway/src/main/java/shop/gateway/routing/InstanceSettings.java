package shop.gateway.routing;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The addresses of each service's instances.
 *
 * @param instances base URLs (scheme, host and port) by service
 */
@ConfigurationProperties("shop.gateway")
public record InstanceSettings(Map<String, List<URI>> instances) {

  public InstanceSettings {
    instances.forEach((service, urls) -> {
      if (urls.isEmpty()) {
        throw new IllegalArgumentException(
            service + " has no instances; configure base URLs, separated by commas");
      }
      urls.forEach(url -> check(service, url));
    });
  }

  private static void check(String service, URI url) {
    boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!web || url.getHost() == null || !url.getPath().matches("/?")) {
      throw new IllegalArgumentException(
          "'%s' is not a base URL for %s; use the form http://host:port".formatted(url, service));
    }
  }

  /** The base URLs of a service; empty if it is not configured. */
  public List<URI> of(String service) {
    return instances.getOrDefault(service, List.of());
  }
}
