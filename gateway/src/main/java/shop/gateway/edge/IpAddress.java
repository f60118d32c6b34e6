package shop.gateway.edge;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses as text. A name is never looked up. An IPv4-mapped IPv6 address (RFC 4291, section
 * 2.5.5.2) is the IPv4 address.
 */
final class IpAddress {

  /** The longest text: an IPv6 address that ends in an IPv4 address. */
  private static final int MAX_LENGTH = 45;

  /** No leading zeros: some read them as octal. */
  private static final Pattern V4 =
      Pattern.compile("(?:0|[1-9]\\d{0,2})(?:\\.(?:0|[1-9]\\d{0,2})){3}");

  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private IpAddress() {}

  /** The address; null if the text is none. */
  static @Nullable InetAddress parse(String text) {
    if (text.length() > MAX_LENGTH || !(V4.matcher(text).matches() || V6.matcher(text).matches())) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
