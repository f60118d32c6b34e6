package shop.gateway.edge;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The proxies whose word on the client's address and region is believed. */
final class TrustedProxies {

  private final CidrTable<Boolean> blocks;

  /**
   * Parses a list of CIDR blocks.
   *
   * @throws IllegalArgumentException if one is malformed or contains every address
   */
  TrustedProxies(List<String> blocks) {
    Map<Cidr, Boolean> all = new HashMap<>();
    for (var text : blocks) {
      var block = Cidr.parse(text);
      if (block.bits() == 0) {
        throw new IllegalArgumentException(
            "'" + text + "' trusts every client; name the addresses of the proxies");
      }
      all.put(block, true);
    }
    this.blocks = new CidrTable<>(all);
  }

  boolean contains(InetAddress address) {
    return blocks.find(address) != null;
  }

  boolean isEmpty() {
    return blocks.isEmpty();
  }
}
