package shop.gateway.edge;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses in CIDR notation (RFC 4632, RFC 4291): {@code 10.0.0.0/8}, {@code
 * 2001:db8::/32}; an address alone is a block of one.
 *
 * @param network its first address
 * @param bits length of the prefix, 0 to 32 or 128
 */
record Cidr(InetAddress network, int bits) {

  /**
   * Parses it.
   *
   * @throws IllegalArgumentException if the text is no block; says what is wrong
   */
  static Cidr parse(String text) {
    var parts = text.strip().split("/", 2);
    @Nullable InetAddress address = IpAddress.parse(parts[0]);
    if (address == null) {
      throw wrong(text, "'" + parts[0] + "' is not an IP address");
    }
    byte[] bytes = address.getAddress();
    int all = bytes.length * Byte.SIZE;
    if (parts[0].indexOf(':') >= 0 && all == Integer.SIZE) {
      throw wrong(text, "write the IPv4 address " + address.getHostAddress());
    }
    if (parts.length == 1) {
      return new Cidr(address, all);
    }
    if (!parts[1].matches("\\d{1,3}") || Integer.parseInt(parts[1]) > all) {
      throw wrong(text, "the length of the prefix is 0 to " + all);
    }
    int bits = Integer.parseInt(parts[1]);
    for (int bit = bits; bit < all; bit++) {
      if (isSet(bytes, bit)) {
        throw wrong(text, "bits after the first " + bits + " are set");
      }
    }
    return new Cidr(address, bits);
  }

  private static IllegalArgumentException wrong(String text, String reason) {
    return new IllegalArgumentException(
        "'%s' is not a CIDR block (%s); use the form 10.0.0.0/8 or 2001:db8::/32"
            .formatted(text, reason));
  }

  /** The bit at a place, counted from the most significant. */
  static boolean isSet(byte[] bytes, int bit) {
    return (bytes[bit / Byte.SIZE] & (1 << (Byte.SIZE - 1 - bit % Byte.SIZE))) != 0;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + bits;
  }
}
