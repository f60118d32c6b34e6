package shop.gateway.routing;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import shop.balancing.Instance;
import shop.balancing.Locality;

/**
 * An instance as the configuration writes it: a base URL, with what else is known of it in the
 * fragment: {@code http://10.0.0.7:8080#weight=3&region=eu&zone=eu-1&priority=1}.
 */
final class InstanceUrl {
  private static final Set<String> NAMES = Set.of("weight", "region", "zone", "priority");
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private InstanceUrl() {}

  /**
   * Parses it.
   *
   * @throws IllegalArgumentException if it is not such a URL; names the service and the form
   */
  static Instance parse(String service, String text) {
    try {
      var url = new URI(text);
      var address = new URI(url.getScheme(), url.getAuthority(), null, null, null);
      if (!isBase(url)) {
        throw new IllegalArgumentException("it is not a base URL");
      }
      var attributes = attributes(url.getFragment());
      return new Instance(
          service + "@" + url.getHost() + ":" + port(url),
          address,
          number(attributes, "weight", 1),
          new Locality(attributes.getOrDefault("region", ""), attributes.getOrDefault("zone", "")),
          number(attributes, "priority", 0));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' is no instance of %s (%s); use the form http://host:port#weight=1&region=eu&zone=a&priority=0, of which all after # may be left out"
              .formatted(text, service, e.getMessage()),
          e);
    }
  }

  private static boolean isBase(URI url) {
    boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    return web
        && url.getHost() != null
        && url.getUserInfo() == null
        && url.getQuery() == null
        && url.getPath().matches("/?");
  }

  private static int port(URI url) {
    return url.getPort() >= 0
        ? url.getPort()
        : "https".equals(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
  }

  private static Map<String, String> attributes(@Nullable String fragment) {
    var attributes = new HashMap<String, String>();
    if (fragment != null) {
      for (var pair : fragment.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals < 1
            || !NAMES.contains(pair.substring(0, equals))
            || attributes.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
          throw new IllegalArgumentException("'" + pair + "' is unknown or repeated");
        }
      }
    }
    return attributes;
  }

  private static int number(Map<String, String> attributes, String name, int otherwise) {
    var text = attributes.get(name);
    return text == null ? otherwise : Integer.parseInt(text);
  }
}
