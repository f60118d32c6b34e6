package shop.gateway.inbound;

import java.util.List;
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
import shop.gateway.edge.Clients;

/**
 * The first filter: starts or continues the request's trace, notes the client, removes headers that
 * clients must not set, and rejects paths and headers that two servers could interpret differently.
 */
@Component
final class InboundFilter implements WebFilter, Ordered {

  private final Clients clients;
  private final UntrustedHeaders untrusted;

  InboundFilter(Clients clients) {
    this.clients = clients;
    this.untrusted = new UntrustedHeaders(clients.headers());
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var request = exchange.getRequest();
    var trace = TraceContext.below(request.getHeaders().getFirst(TraceContext.HEADER));
    exchange.getAttributes().put(ExchangeTrace.ATTRIBUTE, trace);
    clients.identify(exchange);
    if (!RequestPath.isUnambiguous(request.getURI().getRawPath())) {
      return Mono.error(
          RequestProblems.malformed(
              "The path contains dot segments, empty segments, parameters, encoded separators or"
                  + " control characters, or is not UTF-8"));
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

  private void sanitize(HttpHeaders headers, TraceContext trace) {
    List.copyOf(headers.headerNames()).stream()
        .filter(untrusted::contains)
        .forEach(headers::remove);
    // A server may ignore it (RFC 9110, section 14.2); no resource is large enough to need it.
    headers.remove(HttpHeaders.RANGE);
    // The gateway has answered it: it reads bodies whole. Other expectations do not exist.
    headers.remove(HttpHeaders.EXPECT);
    ConnectionHeaders.remove(headers);
    headers.set(TraceContext.HEADER, trace.traceparent());
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
