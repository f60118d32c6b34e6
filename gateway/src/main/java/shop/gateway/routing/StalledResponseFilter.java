package shop.gateway.routing;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends a response whose body makes no progress for the response timeout, because the service stalls
 * or the client does not read. Event streams have no such limit: their services send heartbeats.
 */
@Component
final class StalledResponseFilter implements GlobalFilter, Ordered {

  private final Duration timeout;

  StalledResponseFilter(HttpClientProperties client) {
    this.timeout = client.getResponseTimeout();
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    return chain.filter(
        exchange.mutate().response(new Limited(exchange.getResponse(), timeout)).build());
  }

  /** {@code writeAndFlushWith}, which event streams use, has no limit. */
  private static final class Limited extends ServerHttpResponseDecorator {

    private final Duration timeout;

    Limited(ServerHttpResponse response, Duration timeout) {
      super(response);
      this.timeout = timeout;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
      return super.writeWith(
          Flux.from(body)
              .timeout(
                  timeout,
                  Mono.error(
                      () -> new TimeoutException("The response made no progress for " + timeout))));
    }
  }

  @Override
  public int getOrder() {
    return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 1;
  }
}
