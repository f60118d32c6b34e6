package shop.gateway.edge;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import shop.balancing.Locality;

/**
 * Who sends a request.
 *
 * @param address null if its connection is gone
 */
record Client(@Nullable InetAddress address, Locality locality) {

  private static final String ATTRIBUTE = "shop.client";

  void attachTo(ServerWebExchange exchange) {
    exchange.getAttributes().put(ATTRIBUTE, this);
  }

  /** The exchange's client; null if only its connection is known. */
  static @Nullable Client of(ServerWebExchange exchange) {
    return exchange.getAttribute(ATTRIBUTE);
  }
}
