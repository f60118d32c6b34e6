package shop.gateway.inbound;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import shop.common.problem.Problem;
import shop.common.problem.RequestProblems;
import shop.common.trace.TraceContext;

/**
 * The first filter: starts or continues the request's trace, removes headers that clients must not
 * set, and rejects paths and headers that two servers could interpret differently.
 */
@Component
final class InboundFilter implements WebFilter, Ordered {

  /** Dot segments, empty segments, path parameters, encoded separators: no API path needs them. */
  private static final Pattern AMBIGUOUS =
      Pattern.compile(
          "//|/\\.{1,2}(?:/|$)|;|\\\\|%2f|%5c|%2e|%3b|%25|%00", Pattern.CASE_INSENSITIVE);

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var request = exchange.getRequest();
    var trace = TraceContext.below(request.getHeaders().getFirst(TraceContext.HEADER));
    exchange.getAttributes().put(ExchangeTrace.ATTRIBUTE, trace);
    if (AMBIGUOUS.matcher(request.getURI().getRawPath()).find()) {
      return Mono.error(
          RequestProblems.malformed(
              "The path contains dot segments, empty segments, parameters or encoded separators"));
    }
    try {
      HeaderRules.check(request);
    } catch (Problem problem) {
      return Mono.error(problem);
    }
    return chain.filter(
        exchange
            .mutate()
            .request(request.mutate().headers(headers -> sanitize(headers, trace)).build())
            .build());
  }

  private static void sanitize(HttpHeaders headers, TraceContext trace) {
    List.copyOf(headers.headerNames()).stream()
        .filter(UntrustedHeaders::contains)
        .forEach(headers::remove);
    // A server may ignore it (RFC 9110, section 14.2); no resource is large enough to need it.
    headers.remove(HttpHeaders.RANGE);
    headers.set(TraceContext.HEADER, trace.traceparent());
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
