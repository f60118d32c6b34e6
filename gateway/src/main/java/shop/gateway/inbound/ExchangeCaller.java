package shop.gateway.inbound;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import shop.common.security.Caller;

/** The authenticated caller of an exchange. */
public final class ExchangeCaller {

  /** Name of the exchange attribute; controllers read it as a request attribute. */
  public static final String ATTRIBUTE = "shop.caller";

  private ExchangeCaller() {}

  /** The caller; null if the exchange is not authenticated, or not yet. */
  public static @Nullable Caller of(ServerWebExchange exchange) {
    return exchange.getAttribute(ATTRIBUTE);
  }

  /** The session that the caller's token belongs to; null without a token. */
  public static @Nullable String sessionId(ServerWebExchange exchange) {
    @Nullable Caller caller = of(exchange);
    return caller == null ? null : caller.sessionId();
  }
}
