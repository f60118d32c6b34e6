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
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends a response whose body makes no progress for the response timeout, because the service stalls
 * or the client does not read. Event streams have no such limit: their services send heartbeats.
 * They end, properly, when their instance drains. An event that is cut thereby is ignored by
 * clients (HTML standard, 9.2.6), which connect again and name the last whole one.
 */
@Component
final class StalledResponseFilter implements GlobalFilter, Ordered {

  private final Duration timeout;

  StalledResponseFilter(HttpClientProperties client) {
    this.timeout = client.getResponseTimeout();
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    return chain.filter(exchange.mutate().response(new Limited(exchange, timeout)).build());
  }

  /** Event streams use {@code writeAndFlushWith}, all others {@code writeWith}. */
  private static final class Limited extends ServerHttpResponseDecorator {

    private final ServerWebExchange exchange;
    private final Duration timeout;

    Limited(ServerWebExchange exchange, Duration timeout) {
      super(exchange.getResponse());
      this.exchange = exchange;
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

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
      var call = UpstreamCall.of(exchange);
      return super.writeAndFlushWith(
          call == null
                  || !MediaType.TEXT_EVENT_STREAM.isCompatibleWith(getHeaders().getContentType())
              ? body
              : Flux.<Publisher<? extends DataBuffer>>from(body)
                  .takeUntilOther(call.endOfStream()));
    }
  }

  @Override
  public int getOrder() {
    return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 1;
  }
}
