package shop.gateway.inbound;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import shop.common.trace.TraceContext;

/** The trace context of an exchange. An exchange changes threads, so it carries its own context. */
public final class ExchangeTrace {

  /** Name of the exchange attribute; controllers read it as a request attribute. */
  public static final String ATTRIBUTE = "shop.trace";

  private ExchangeTrace() {}

  /** The exchange's trace context; a new trace if it has none. */
  public static TraceContext of(ServerWebExchange exchange) {
    @Nullable TraceContext trace = exchange.getAttribute(ATTRIBUTE);
    return trace == null ? TraceContext.fresh() : trace;
  }
}
