package shop.gateway.edge;

import org.springframework.web.server.ServerWebExchange;
import shop.balancing.Locality;

/** Where the client of a request is. */
public final class ClientLocality {

  private ClientLocality() {}

  /** The client's locality, or the gateway's own; {@link Locality#UNKNOWN} if there is neither. */
  public static Locality of(ServerWebExchange exchange) {
    var client = Client.of(exchange);
    return client == null ? Locality.UNKNOWN : client.locality();
  }
}
