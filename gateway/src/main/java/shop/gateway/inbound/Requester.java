package shop.gateway.inbound;

import java.net.InetAddress;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import shop.common.security.Caller;
import shop.gateway.edge.ClientAddress;

/**
 * Who sends a request, as a text: the account of the access token; without one, the address, IPv4
 * as a whole, IPv6 by its network of 64 bits.
 */
public final class Requester {

  /** Bytes of an IPv6 address that name the network; who has one address has all of them. */
  private static final int IPV6_NETWORK_BYTES = 8;

  private Requester() {}

  /** Of this request. */
  public static String of(ServerWebExchange exchange) {
    @Nullable Caller caller = ExchangeCaller.of(exchange);
    return caller == null ? address(exchange) : "principal:" + caller.id();
  }

  /** The address that a request comes from. */
  public static String address(ServerWebExchange exchange) {
    return ofAddress(ClientAddress.of(exchange));
  }

  /** Of an address; that of a connection which is gone is unknown. */
  public static String ofAddress(@Nullable InetAddress address) {
    if (address == null) {
      return "address:unknown";
    }
    byte[] bytes = address.getAddress();
    int length = Math.min(bytes.length, IPV6_NETWORK_BYTES);
    return "address:" + HexFormat.of().formatHex(bytes, 0, length);
  }
}
