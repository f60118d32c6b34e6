package shop.gateway.websocket;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import shop.common.problem.Problem;
import shop.gateway.inbound.ExchangeSession;
import shop.gateway.inbound.Requester;
import shop.gateway.routes.RouteTable;
import shop.gateway.routing.UpstreamUpgrade;

/**
 * Opens a WebSocket between a client and a service, if the route allows it; else the offer is
 * ignored and the request is an ordinary one. The service is asked first: a client gets 101 only
 * when the service has accepted, and an error of HTTP otherwise. The exchange, and with it the
 * lease of the instance, lasts until the WebSocket is closed.
 */
@Component
final class WebSocketFilter implements GlobalFilter, Ordered {

  private final ServiceSockets services;
  private final WebSocketSettings settings;
  private final OpenSockets open;
  private final Sinks.Empty<Void> stopping = Sinks.empty();

  WebSocketFilter(ServiceSockets services, WebSocketSettings settings) {
    this.services = services;
    this.settings = settings;
    this.open = new OpenSockets(settings.maxPerClient());
  }

  /** Otherwise the server would wait for them in vain. */
  @EventListener(ContextClosedEvent.class)
  void onStop() {
    stopping.tryEmitEmpty();
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    if (!Handshake.isOffered(exchange.getRequest()) || !RouteTable.allowsWebSocket(exchange)) {
      return chain.filter(exchange);
    }
    URI url = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
    return Mono.defer(() -> {
      Handshake.require(exchange.getRequest());
      var client = Requester.of(exchange);
      if (!open.tryOpen(client)) {
        return Mono.error(tooMany());
      }
      return services
          .open(exchange, url, service -> accept(exchange, service))
          .doFinally(_ -> open.close(client));
    });
  }

  private Problem tooMany() {
    return Problem.of(HttpStatus.TOO_MANY_REQUESTS, "too-many-streams", "Too many event streams")
        .detail(
            "%d WebSockets are open, which is as many as a client may have; close one first"
                .formatted(settings.maxPerClient()))
        .retryAfter(java.time.Duration.ofSeconds(1));
  }

  /** Answers the client with 101; ends when the WebSocket has been closed. */
  private Mono<Void> accept(ServerWebExchange exchange, Relay.Side service) {
    UpstreamUpgrade.accepted(exchange);
    var closed = Sinks.<Void>empty();
    var response = exchange.getResponse();
    response.setStatusCode(HttpStatus.SWITCHING_PROTOCOLS);
    HttpServerResponse netty = ServerHttpResponseDecorator.getNativeResponse(response);
    var relayed = new AtomicBoolean();
    netty.withConnection(connection ->
        connection.onDispose(() -> {
          if (!relayed.get()) {
            closed.tryEmitEmpty();
          }
        }));
    var spec = spec(service);
    var end =
        Mono.firstWithSignal(
            ExchangeSession.end(exchange).then(Mono.just(Close.SESSION_ENDED)),
            stopping.asMono().then(Mono.just(Close.GATEWAY_STOPS)),
            UpstreamUpgrade.endOfStream(exchange).then(Mono.just(Close.INSTANCE_DRAINS)));
    // Commits the headers, which the 101 then has.
    return response
        .setComplete()
        .then(
            Mono.defer(() ->
                netty.sendWebsocket(
                    (in, out) -> {
                      relayed.set(true);
                      return new Relay(new Relay.Side(in, out), service, settings.idleTimeout())
                          .run(end)
                          .doFinally(_ -> closed.tryEmitEmpty());
                    },
                    spec)))
        .then(closed.asMono())
        .onErrorComplete()
        .doFinally(_ -> service.disconnect());
  }

  private WebsocketServerSpec spec(Relay.Side service) {
    var spec =
        WebsocketServerSpec.builder()
            .handlePing(true)
            .maxFramePayloadLength(settings.maxFrameBytes());
    var subprotocol = service.in().selectedSubprotocol();
    return (subprotocol == null || subprotocol.isEmpty() ? spec : spec.protocols(subprotocol))
        .build();
  }

  /** After the choice of an instance, before the request is sent to it. */
  @Override
  public int getOrder() {
    return RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER + 2;
  }
}
