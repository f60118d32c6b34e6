package shop.gateway.inbound;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The end of the session that an exchange belongs to. */
public final class ExchangeSession {

  private static final String ATTRIBUTE = "shop.session-end";

  private ExchangeSession() {}

  /** Attaches the signal that the session has been revoked. */
  public static void attach(ServerWebExchange exchange, Mono<Void> end) {
    exchange.getAttributes().put(ATTRIBUTE, end);
  }

  /** Completes when the session is revoked; never without one. */
  public static Mono<Void> end(ServerWebExchange exchange) {
    @Nullable Mono<Void> end = exchange.getAttribute(ATTRIBUTE);
    return end == null ? Mono.never() : end;
  }
}
