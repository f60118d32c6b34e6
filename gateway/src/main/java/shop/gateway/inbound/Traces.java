package shop.gateway.inbound;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import shop.common.trace.TraceContext;

/** The trace of an exchange, which threads come and go under. */
public final class Traces {

  /** The exchange's attribute; controllers take it as a request attribute. */
  public static final String ATTRIBUTE = "shop.trace";

  private Traces() {}

  public static TraceContext of(ServerWebExchange exchange) {
    @Nullable TraceContext trace = exchange.getAttribute(ATTRIBUTE);
    return trace == null ? TraceContext.fresh() : trace;
  }
}
