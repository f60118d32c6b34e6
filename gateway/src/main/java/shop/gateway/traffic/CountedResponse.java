package shop.gateway.traffic;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A response whose bytes are counted. */
final class CountedResponse extends ServerHttpResponseDecorator {

  private final Traffic traffic;

  CountedResponse(ServerHttpResponse response, Traffic traffic) {
    super(response);
    this.traffic = traffic;
  }

  Traffic traffic() {
    return traffic;
  }

  /** A Mono stays one: the server writes it together with the headers. */
  @Override
  public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
    return super.writeWith(
        body instanceof Mono<? extends DataBuffer> one
            ? one.doOnNext(this::count)
            : Flux.from(body).doOnNext(this::count));
  }

  @Override
  public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
    return super.writeAndFlushWith(
        Flux.from(body).map(part -> Flux.from(part).doOnNext(this::count)));
  }

  private void count(DataBuffer buffer) {
    traffic.written(buffer.readableByteCount());
  }
}
