package shop.gateway.edge;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/**
 * Tells browsers to use TLS only (HSTS, RFC 6797), in every response over TLS. It is outside all
 * filters, so that a response to a request that the first one rejects has the header, too.
 */
final class StrictTransportSecurity implements HttpHandlerDecoratorFactory {

  private static final String HEADER = "Strict-Transport-Security";

  private final String value;

  StrictTransportSecurity(TlsSettings settings) {
    this.value = "max-age=" + settings.hstsMaxAge().toSeconds();
  }

  @Override
  public HttpHandler apply(HttpHandler handler) {
    return (request, response) -> {
      // Not in responses of the management port, which is plain.
      if ("https".equals(request.getURI().getScheme())) {
        response.beforeCommit(() -> addTo(response));
      }
      return handler.handle(request, response);
    };
  }

  /** Called last: an error clears the headers that were set before. */
  private Mono<Void> addTo(ServerHttpResponse response) {
    response.getHeaders().set(HEADER, value);
    return Mono.empty();
  }
}
