package shop.gateway.discovery;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import shop.balancing.Instance;
import shop.balancing.Locality;

/**
 * A Kubernetes Service of which each endpoint is an instance, by its EndpointSlices: {@code
 * k8s+http://order-service.shop:http#region=eu}. The namespace, the port and the fragment, which is
 * that of {@link InstanceUrl}, may be left out. The port is given by its name in the Service:
 * slices know the number at the pods, which may differ from pod to pod.
 *
 * @param service whose instances they are
 * @param name of the Service
 * @param namespace null for that of the gateway's pod
 * @param port name of the port; null for the only TCP port
 */
record SliceUrl(
    String service,
    String name,
    @Nullable String namespace,
    @Nullable String port,
    InstanceAttributes attributes) {

  private static final Pattern SCHEME = Pattern.compile("k8s\\+.*");

  /** Labels of RFC 1123, as Kubernetes requires them of names, namespaces and ports. */
  private static final Pattern FORM =
      Pattern.compile(
          "k8s\\+(https?)://([a-z0-9][a-z0-9-]{0,62})(?:\\.([a-z0-9][a-z0-9-]{0,62}))?"
              + "(?::([a-z0-9-]{1,63}))?/?(?:#(.*))?");

  /** Whether a text claims to be such a URL. */
  static boolean matches(String text) {
    return SCHEME.matcher(text).matches();
  }

  /**
   * Parses it.
   *
   * @throws IllegalArgumentException if it is not such a URL; names the service and the form
   */
  static SliceUrl parse(String service, String text) {
    var form = FORM.matcher(text);
    try {
      if (!form.matches()) {
        throw new IllegalArgumentException("it is not a scheme, a name and a port name");
      }
      if (form.group(1).equals("https")) {
        throw new IllegalArgumentException(
            "endpoints are connected to by address, for which no certificate is valid");
      }
      var port = form.group(4);
      if (port != null && port.matches("[0-9]+")) {
        throw new IllegalArgumentException("the port is given by its name in the Service");
      }
      return new SliceUrl(
          service,
          form.group(2),
          form.group(3),
          port,
          InstanceAttributes.parse(form.group(5), InstanceAttributes.ALL));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' are no instances of %s (%s); use the form k8s+http://name.namespace:port-name#weight=1&region=eu&zone=a&priority=0, of which all after the name may be left out"
              .formatted(text, service, e.getMessage()),
          e);
    }
  }

  /**
   * The instance at an address, with the id {@code service@address:port}.
   *
   * @param zone empty if it is not known
   * @param drainTime null unless it is terminating
   */
  Instance instance(InetAddress address, int number, String zone, @Nullable Duration drainTime) {
    var authority = NetUtil.toSocketAddressString(new InetSocketAddress(address, number));
    var place = attributes.locality();
    return new Instance(
        service + "@" + authority,
        URI.create("http://" + authority),
        attributes.weight(),
        zone.isEmpty() ? place : new Locality(place.region(), zone),
        attributes.priority(),
        drainTime);
  }
}
