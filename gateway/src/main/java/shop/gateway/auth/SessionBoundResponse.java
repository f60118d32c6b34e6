package shop.gateway.auth;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A response whose event stream ends when the caller's session is revoked. */
final class SessionBoundResponse extends ServerHttpResponseDecorator {

  private final Mono<Void> revocation;

  SessionBoundResponse(ServerHttpResponse response, Mono<Void> revocation) {
    super(response);
    this.revocation = revocation;
  }

  /** Called for streams only; other responses end by themselves. */
  @Override
  public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
    return super.writeAndFlushWith(
        Flux.<Publisher<? extends DataBuffer>>from(body).takeUntilOther(revocation));
  }
}
