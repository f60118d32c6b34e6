package shop.gateway.routing;

import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What an instance answers to the offer of another protocol than HTTP. */
public final class UpstreamUpgrade {

  private UpstreamUpgrade() {}

  /**
   * The instance has accepted: from now on the exchange is a stream, which ends with its lease. To
   * be called before the client is answered.
   */
  public static void accepted(ServerWebExchange exchange) {
    var call = UpstreamCall.of(exchange);
    if (call != null) {
      call.upgraded();
      call.bind(exchange);
    }
  }

  /** Completes when the stream is to end, because its instance drains. */
  public static Mono<Void> endOfStream(ServerWebExchange exchange) {
    var call = UpstreamCall.of(exchange);
    return call == null ? Mono.never() : call.endOfStream();
  }

  /** The instance has answered with an error of its own. */
  public static void failed(ServerWebExchange exchange) {
    var call = UpstreamCall.of(exchange);
    if (call != null) {
      call.responded(UpstreamCall.ResponseKind.FAILURE);
    }
  }
}
