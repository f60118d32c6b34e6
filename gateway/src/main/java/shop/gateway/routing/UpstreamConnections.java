package shop.gateway.routing;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Keeps a connection to a service out of the pool unless its last response has certainly ended. The
 * client cannot see the end of a response that has no body by definition: a service that is still
 * at work on it, or sends a body after all, would give its bytes to the next request.
 */
@Component
final class UpstreamConnections implements HttpClientCustomizer {

  @Override
  public HttpClient customize(HttpClient client) {
    return client
        .doOnRequest(UpstreamConnections::closeAfterHead)
        .doOnResponse(UpstreamConnections::closeAfterNoContent)
        .doOnChannelInit((_, channel, _) -> SurplusBytes.detect(channel));
  }

  private static void closeAfterHead(HttpClientRequest request, Connection connection) {
    if (request.method().equals(HttpMethod.HEAD)) {
      request.header(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      connection.markPersistent(false);
    }
  }

  /** No service answers with 204 today; Netty hides whether one announces a body. */
  private static void closeAfterNoContent(HttpClientResponse response, Connection connection) {
    if (response.status().equals(HttpResponseStatus.NO_CONTENT)) {
      connection.markPersistent(false);
    }
  }
}
