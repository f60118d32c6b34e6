package shop.gateway.websocket;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.resources.ConnectionProvider;
import shop.common.problem.StatusProblems;
import shop.gateway.routing.UpstreamUpgrade;

/** Opens WebSockets at services, each on a connection of its own. */
@Component
final class ServiceSockets {

  private static final int SERVER_ERROR = 500;

  private final WebSocketSettings settings;
  private final List<HttpHeadersFilter> headersFilters;
  private final HttpClient client;

  ServiceSockets(
      WebSocketSettings settings,
      HttpClientProperties http,
      ObjectProvider<HttpHeadersFilter> headersFilters) {
    this.settings = settings;
    this.headersFilters = headersFilters.orderedStream().toList();
    var timeout = http.getConnectTimeout();
    var unpooled = HttpClient.create(ConnectionProvider.newConnection());
    this.client =
        timeout == null ? unpooled : unpooled.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeout);
  }

  /**
   * Opens a WebSocket at a URL of a service and uses it until the result of {@code use} ends. A
   * failure is one of the handshake; from then on there is none.
   */
  Mono<Void> open(ServerWebExchange exchange, URI url, Function<Relay.Side, Mono<Void>> use) {
    var opened = new AtomicBoolean();
    return client
        .headers(
            headers -> forwarded(exchange).forEach((name, values) -> headers.set(name, values)))
        .websocket(spec(Handshake.subprotocols(exchange.getRequest())))
        // http becomes ws, and https wss.
        .uri(URI.create("ws" + url.toString().substring("http".length())))
        .handle((in, out) -> {
          opened.set(true);
          return Flux.concat(
              Mono.just(true), use.apply(new Relay.Side(in, out)).then(Mono.<Boolean>empty()));
        })
        .timeout(Mono.delay(settings.handshakeTimeout()))
        .then()
        .onErrorResume(
            failure -> opened.get() ? Mono.empty() : Mono.error(failed(exchange, failure)));
  }

  private WebsocketClientSpec spec(@Nullable String subprotocols) {
    var spec =
        WebsocketClientSpec.builder()
            .handlePing(true)
            .maxFramePayloadLength(settings.maxFrameBytes());
    return (subprotocols == null ? spec : spec.protocols(subprotocols)).build();
  }

  /** The client's headers without those of its own handshake and connection. */
  private HttpHeaders forwarded(ServerWebExchange exchange) {
    var headers = new HttpHeaders();
    HttpHeadersFilter.filterRequest(headersFilters, exchange)
        .forEach((name, values) -> {
          var lower = name.toLowerCase(Locale.ROOT);
          if (!lower.startsWith("sec-websocket-")
              && !lower.equals("host")
              && !lower.equals("upgrade")
              && !lower.equals("connection")
              && !lower.equals("content-length")) {
            headers.addAll(name, values);
          }
        });
    return headers;
  }

  /** What a failed handshake means; a broken connection stays an {@link IOException}. */
  private static Throwable failed(ServerWebExchange exchange, Throwable failure) {
    if (failure instanceof TimeoutException) {
      return new ResponseStatusException(HttpStatus.GATEWAY_TIMEOUT, null, failure);
    }
    if (!(failure instanceof WebSocketClientHandshakeException refused)) {
      return failure;
    }
    if (refused.response() == null) {
      return new IOException("The connection ended before the WebSocket was open", refused);
    }
    var status = HttpStatusCode.valueOf(refused.response().status().code());
    if (status.value() >= SERVER_ERROR) {
      UpstreamUpgrade.failed(exchange);
    }
    return status.isError() && StatusProblems.exists(status)
        ? StatusProblems.of(status)
            .detail("The service answered the WebSocket handshake with " + status.value())
        : StatusProblems.of(HttpStatus.BAD_GATEWAY)
            .detail("The service did not accept the WebSocket handshake");
  }
}
