package shop.gateway.traffic;

import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Lets all that comes after it note what it does with a request. */
@Component
final class TrafficFilter implements WebFilter, Ordered {

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    if (!(exchange.getResponse() instanceof CountedResponse response)) {
      return chain.filter(exchange);
    }
    var traffic = response.traffic();
    traffic.attachTo(exchange);
    long length = exchange.getRequest().getHeaders().getContentLength();
    if (length > 0) {
      traffic.received(length);
    }
    return chain
        .filter(exchange)
        .doOnError(_ -> {
          if (response.isCommitted()) {
            traffic.brokeOff();
          }
        });
  }

  /** After the filter that rejects ambiguous requests, before all others. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 1;
  }
}
