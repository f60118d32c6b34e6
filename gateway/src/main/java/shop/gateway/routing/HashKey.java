package shop.gateway.routing;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpCookie;
import org.springframework.web.server.ServerWebExchange;
import shop.balancing.Algorithm;
import shop.balancing.Hashing;
import shop.gateway.edge.ClientAddress;
import shop.gateway.inbound.ExchangeCaller;

/**
 * What requests are kept together by, for the algorithms that choose by a hash: {@code session},
 * {@code client-address}, {@code path}, {@code header:NAME} or {@code cookie:NAME}. A request
 * without it is kept together by the client's address.
 */
sealed interface HashKey {
  record Session() implements HashKey {}

  record Address() implements HashKey {}

  record RequestPath() implements HashKey {}

  record Header(String name) implements HashKey {}

  record Cookie(String name) implements HashKey {}

  /**
   * The key of that name.
   *
   * @throws IllegalArgumentException if there is none; lists the names
   */
  static HashKey named(String text) {
    var parts = text.split(":", 2);
    boolean named = parts.length == 2 && !parts[1].isBlank();
    return switch (named ? parts[0] + ":NAME" : text) {
      case "session" -> new Session();
      case "client-address" -> new Address();
      case "path" -> new RequestPath();
      case "header:NAME" -> new Header(parts[1]);
      case "cookie:NAME" -> new Cookie(parts[1]);
      default ->
          throw new IllegalArgumentException(
              "No hash key '"
                  + text
                  + "'; allowed are session, client-address, path, header:NAME, cookie:NAME");
    };
  }

  /** The key that an algorithm needs, where it does not leave the choice to the configuration. */
  static HashKey of(Algorithm algorithm, String configured) {
    return switch (algorithm.hashSource()) {
      case NONE, CLIENT_ADDRESS -> new Address();
      case SESSION -> new Session();
      case CONFIGURED_KEY -> named(configured);
    };
  }

  /** The hash of a request's key. */
  default long hash(ServerWebExchange exchange) {
    var text = text(exchange);
    return text == null ? addressHash(exchange) : Hashing.of(text);
  }

  private @Nullable String text(ServerWebExchange exchange) {
    var request = exchange.getRequest();
    return switch (this) {
      case Session() -> ExchangeCaller.sessionId(exchange);
      case Address() -> null;
      case RequestPath() -> request.getURI().getRawPath();
      case Header(var name) -> request.getHeaders().getFirst(name);
      case Cookie(var name) -> {
        @Nullable HttpCookie cookie = request.getCookies().getFirst(name);
        yield cookie == null ? null : cookie.getValue();
      }
    };
  }

  private static long addressHash(ServerWebExchange exchange) {
    var address = ClientAddress.of(exchange);
    return address == null ? 0 : Hashing.of(address.getAddress());
  }
}
