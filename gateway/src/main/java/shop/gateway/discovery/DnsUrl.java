package shop.gateway.discovery;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import shop.balancing.Instance;

/**
 * A DNS name of which each address is an instance.
 *
 * <ul>
 *   <li>{@code dns+http://order-service:8080#region=eu}: the A and AAAA records of the name; the
 *       fragment is that of {@link InstanceUrl}.
 *   <li>{@code srv+http://_http._tcp.order-service.shop.svc}: its SRV records, which give port,
 *       weight and priority as well; the fragment may give region and zone.
 * </ul>
 *
 * @param service whose instances they are
 * @param port of all instances; null for SRV
 */
record DnsUrl(String service, String name, @Nullable Integer port, InstanceAttributes attributes) {

  private static final Pattern SCHEME = Pattern.compile("(dns|srv)\\+.*");
  private static final Pattern FORM =
      Pattern.compile(
          "(dns|srv)\\+(https?)://([A-Za-z0-9_][A-Za-z0-9_.-]*)(?::([0-9]{1,5}))?/?(?:#(.*))?");
  private static final int HTTP_PORT = 80;
  private static final int MAX_PORT = 65_535;
  private static final int MAX_NAME = 253;

  /** Whether a text claims to be such a URL, rather than one of {@link InstanceUrl}. */
  static boolean matches(String text) {
    return SCHEME.matcher(text).matches();
  }

  /**
   * Parses it.
   *
   * @throws IllegalArgumentException if it is not such a URL; names the service and the form
   */
  static DnsUrl parse(String service, String text) {
    var form = FORM.matcher(text);
    try {
      if (!form.matches() || form.group(3).length() > MAX_NAME) {
        throw new IllegalArgumentException("it is not a scheme, a name and a port");
      }
      if (form.group(2).equals("https")) {
        throw new IllegalArgumentException(
            "instances found by DNS are connected to by address, for which no certificate is valid;"
                + " https://"
                + form.group(3)
                + " is one instance by its name");
      }
      boolean srv = form.group(1).equals("srv");
      return new DnsUrl(
          service,
          form.group(3),
          port(srv, form.group(3), form.group(4)),
          InstanceAttributes.parse(form.group(5), allowed(srv)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' are no instances of %s (%s); use the form dns+http://name:port#weight=1&region=eu&zone=a&priority=0 or srv+http://_http._tcp.name#region=eu&zone=a, of which all after # may be left out"
              .formatted(text, service, e.getMessage()),
          e);
    }
  }

  private static @Nullable Integer port(boolean srv, String name, @Nullable String port) {
    if (srv && port != null) {
      throw new IllegalArgumentException("SRV records give the port");
    }
    if (NetUtil.isValidIpV4Address(name)) {
      throw new IllegalArgumentException("it is an address; write http:// for it");
    }
    int number = port == null ? HTTP_PORT : Integer.parseInt(port);
    if (number == 0 || number > MAX_PORT) {
      throw new IllegalArgumentException("the port is not one of 1 to " + MAX_PORT);
    }
    return srv ? null : number;
  }

  private static Set<String> allowed(boolean srv) {
    return srv ? InstanceAttributes.PLACE : InstanceAttributes.ALL;
  }

  /** The instance at an address, with the id {@code service@address:port}. */
  Instance instance(InetAddress address, int port, int weight, int priority) {
    var authority = NetUtil.toSocketAddressString(new InetSocketAddress(address, port));
    return new Instance(
        service + "@" + authority,
        URI.create("http://" + authority),
        weight,
        attributes.locality(),
        priority);
  }
}
