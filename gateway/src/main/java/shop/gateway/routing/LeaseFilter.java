package shop.gateway.routing;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Ends a request's lease of an instance once the response's body has been written, or whatever else
 * ends the request: an error, a timeout, a client that is gone.
 */
@Component
final class LeaseFilter implements GlobalFilter, Ordered {

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    return chain
        .filter(exchange)
        .doOnError(UpstreamFailures::isOfBody, _ -> brokeOff(exchange))
        .doFinally(_ -> end(exchange));
  }

  private static void brokeOff(ServerWebExchange exchange) {
    var call = UpstreamCall.of(exchange);
    if (call != null) {
      call.responded(UpstreamCall.ResponseKind.FAILURE);
    }
  }

  private static void end(ServerWebExchange exchange) {
    var call = UpstreamCall.of(exchange);
    if (call != null) {
      call.end();
    }
  }

  /** Outside the filter that writes the body, and outside the limit on its time. */
  @Override
  public int getOrder() {
    return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 2;
  }
}
