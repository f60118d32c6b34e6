package shop.gateway.edge;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The client's address as trusted proxies report it in {@code X-Forwarded-For} and {@code
 * Forwarded} (RFC 7239). Each proxy appends the address of its own client, so the lists are read
 * from the right up to the first address that is not a trusted proxy's; what is left of it may be
 * forged. An element that names no address (malformed, {@code unknown}, an obfuscated identifier)
 * ends the reading at the proxy before it.
 *
 * <p>If both headers are present and lead to different addresses, neither is believed: a proxy that
 * appends to one of them may pass on the other as the client has forged it.
 */
final class ForwardedFor {

  /** No chain of proxies is longer. */
  static final int MAX_ELEMENTS = 32;

  /** Address and port; IPv6 in brackets, or without them and without a port. */
  private static final Pattern NODE =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]+)]|([0-9.]+))(?::(?:\\d{1,5}|_[\\w.-]+))?|([0-9A-Fa-f:.]+)");

  private static final Pattern PAIR =
      Pattern.compile(
          "\\G\\s*+([\\w!#$%&'*+.^`|~-]++)=(?:\"([^\"\\\\]*+)\"|([^\",;\\s]++))\\s*+(;|$)");

  private final TrustedProxies proxies;

  ForwardedFor(TrustedProxies proxies) {
    this.proxies = proxies;
  }

  /** The client of a request that a trusted proxy has sent. */
  InetAddress client(InetAddress proxy, HttpHeaders headers) {
    var list = headers.getOrEmpty("X-Forwarded-For");
    var forwarded = headers.getOrEmpty("Forwarded");
    if (forwarded.isEmpty()) {
      return read(proxy, list, ForwardedFor::address);
    }
    var client = read(proxy, forwarded, ForwardedFor::forAddress);
    boolean agree = list.isEmpty() || client.equals(read(proxy, list, ForwardedFor::address));
    return agree ? client : proxy;
  }

  private InetAddress read(
      InetAddress proxy, List<String> lines, Function<String, @Nullable InetAddress> parser) {
    var elements = new ListFromRight(lines);
    var hop = proxy;
    for (int n = 0; n < MAX_ELEMENTS; n++) {
      var element = elements.next();
      if (element == null) {
        return hop;
      }
      if (element.isEmpty()) {
        continue;
      }
      var address = parser.apply(element);
      if (address == null) {
        return hop;
      }
      hop = address;
      if (!proxies.contains(hop)) {
        return hop;
      }
    }
    return hop;
  }

  /** The address in an element of Forwarded: {@code for="[2001:db8::1]:4711";proto=https}. */
  private static @Nullable InetAddress forAddress(String element) {
    var pairs = PAIR.matcher(element);
    InetAddress address = null;
    boolean complete = false;
    boolean found = false;
    while (!complete && pairs.find()) {
      if (pairs.group(1).equalsIgnoreCase("for")) {
        if (found) {
          return null;
        }
        found = true;
        var quoted = pairs.group(2);
        address = address(quoted == null ? pairs.group(3) : quoted);
      }
      complete = pairs.group(4).isEmpty();
    }
    return complete ? address : null;
  }

  private static @Nullable InetAddress address(String node) {
    var matcher = NODE.matcher(node);
    if (!matcher.matches()) {
      return null;
    }
    var bracketed = matcher.group(1);
    if (bracketed != null) {
      return bracketed.indexOf(':') < 0 ? null : IpAddress.parse(bracketed);
    }
    var ipv4 = matcher.group(2);
    return IpAddress.parse(ipv4 == null ? matcher.group(3) : ipv4);
  }
}
