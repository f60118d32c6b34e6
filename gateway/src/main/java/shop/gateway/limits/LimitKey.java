package shop.gateway.limits;

import org.springframework.web.server.ServerWebExchange;
import shop.gateway.inbound.Requester;

/** Whose requests are counted together. */
enum LimitKey {
  /** The account of the access token; of a request without one, the address. */
  PRINCIPAL,
  /** The client's address: IPv4 as a whole, IPv6 by its network of 64 bits. */
  ADDRESS;

  /** Of this request. */
  String of(ServerWebExchange exchange) {
    return this == ADDRESS ? Requester.address(exchange) : Requester.of(exchange);
  }
}
