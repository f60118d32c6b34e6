package shop.gateway.discovery;

import java.net.URI;
import java.net.URISyntaxException;
import shop.balancing.Instance;

/**
 * An instance as the configuration writes it: a base URL, with what else is known of it in the
 * fragment: {@code http://10.0.0.7:8080#weight=3&region=eu&zone=eu-1&priority=1}.
 */
final class InstanceUrl {
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
      var attributes = InstanceAttributes.parse(url.getFragment(), InstanceAttributes.ALL);
      return new Instance(
          service + "@" + url.getHost() + ":" + port(url),
          address,
          attributes.weight(),
          attributes.locality(),
          attributes.priority());
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
}
