package shop.gateway.edge;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * The address of who sends a request: that of its connection, or the one that the trusted proxy at
 * its other end reports.
 */
public final class ClientAddress {

  private ClientAddress() {}

  /** The client's address; null if its connection is gone. */
  public static @Nullable InetAddress of(ServerWebExchange exchange) {
    var client = Client.of(exchange);
    return client == null ? ofConnection(exchange) : client.address();
  }

  /** The address at the other end of the connection. */
  static @Nullable InetAddress ofConnection(ServerWebExchange exchange) {
    var remote = exchange.getRequest().getRemoteAddress();
    return remote == null ? null : remote.getAddress();
  }
}
