package shop.gateway;

import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import shop.common.testkit.TempFolders;

/** A gateway with a routes file of its own, shared by the tests of routes and WebSockets. */
final class Routed {

  static final String ORIGIN = "https://pages.example";
  static final int MAX_PER_CLIENT = 5;

  static final Backend STABLE = new Backend("stable");
  static final Backend CANARY = new Backend("canary");
  static final Backend BETA = new Backend("beta");
  static final Backend APP = new Backend("app");

  /** Connections of open WebSockets by path. */
  static final Map<String, Connection> SOCKETS = new ConcurrentHashMap<>();

  /** The notification service: WebSockets that do what their path says. */
  static final DisposableServer LIVE = Live.start();

  /** Another one, which with the first are the instances of the service of drains. */
  static final DisposableServer LIVE_TOO = Live.start();

  /** The concurrency limit of the app's service, which does not adapt. */
  static final int APP_LIMIT = 10;

  private static final String ROUTES =
      """
      shop:
        gateway:
          services:
            canary: {instances: "CANARY_URL"}
            beta: {instances: "BETA_URL"}
            app: {instances: "APP_URL", concurrency-limit: {min: APP_LIMIT, max: APP_LIMIT, latency: 100us}}
            drained: {instances: "LIVE_URLS", algorithm: round-robin}
        routing:
          routes:
            - {id: app, paths: [/orders/**, /products/**], headers: [User-Agent=ShopApp/*], service: app}
            - {id: beta, paths: [/orders/**], cookies: [beta=1], service: beta}
            - {id: canary, paths: [/orders/**], split: release/canary, service: canary}
            - {id: orders, paths: [/orders/**, /products/**, /admin/orders/**], service: order-service}
            - {id: unprotected, paths: [/internal/**], service: order-service}
            - {id: drained, paths: [/notifications/live/drained/**], service: drained, websocket: true}
            - {id: live, paths: [/notifications/live/**], service: notification-service, websocket: true}
            - {id: notifications, paths: [/notifications/**], service: notification-service}
          splits:
            - {name: release, sides: [canary=50, stable=50]}
      """;

  static final Gateway GATEWAY =
      Gateway.start(
          "ROUTES_FILE=" + routesFile(),
          "ORDER_SERVICE_URLS=" + STABLE.url(),
          "NOTIFICATION_SERVICE_URLS=" + url(LIVE),
          "CORS_ALLOWED_ORIGINS=" + ORIGIN,
          "WEBSOCKET_IDLE_TIMEOUT=15s",
          "REQUEST_HEAD_TIMEOUT=2s",
          "WEBSOCKETS_PER_CLIENT=" + MAX_PER_CLIENT);

  private Routed() {}

  private static String routesFile() {
    try {
      var file = TempFolders.create("routes").resolve("routes.yml");
      Files.writeString(
          file,
          ROUTES
              .replace("CANARY_URL", CANARY.url())
              .replace("BETA_URL", BETA.url())
              .replace("APP_URL", APP.url())
              .replace("APP_LIMIT", Integer.toString(APP_LIMIT))
              .replace("LIVE_URLS", url(LIVE) + "," + url(LIVE_TOO)));
      return file.toUri().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String url(DisposableServer server) {
    return "http://127.0.0.1:" + server.port();
  }

  private static Publisher<Void> serve(String path, WebsocketInbound in, WebsocketOutbound out) {
    in.withConnection(connection -> SOCKETS.put(path, connection));
    if (path.endsWith("/closes")) {
      return out.sendObject(new TextWebSocketFrame("last words"))
          .then(out.sendClose(4001, "enough"));
    }
    if (path.endsWith("/flood")) {
      return out.sendObject(
              Flux.range(0, FLOOD)
                  .map(_ -> new TextWebSocketFrame("x".repeat(60_000)))
                  .doOnNext(_ -> FLOODED.incrementAndGet()))
          .then();
    }
    if (path.endsWith("/large")) {
      return out.sendObject(new TextWebSocketFrame("x".repeat(70_000))).then(Mono.never());
    }
    if (path.endsWith("/echo-close")) {
      return in.receiveFrames()
          .then()
          .and(
              in.receiveCloseStatus()
                  .doOnNext(status -> CLOSED.put(path, status.code() + " " + status.reasonText())));
    }
    Flux<WebSocketFrame> echo = in.receiveFrames().map(WebSocketFrame::retain);
    return out.sendObject(echo).then();
  }

  /** Frames of 60 KB that the service has to send, and those that it has begun to send. */
  static final int FLOOD = 10_000;

  static final AtomicInteger FLOODED = new AtomicInteger();

  /** Close codes and reasons that the service got, by path. */
  static final Map<String, String> CLOSED = new ConcurrentHashMap<>();

  /**
   * A class of its own: checks of health come while {@link Routed} waits for its gateway, and would
   * block the event loops, which both share, until that is initialized.
   */
  private static final class Live {
    static DisposableServer start() {
      var spec =
          WebsocketServerSpec.builder()
              .protocols("v2.shop")
              .maxFramePayloadLength(1 << 20)
              .handlePing(false)
              .build();
      return HttpServer.create()
          .host("127.0.0.1")
          .port(0)
          .handle((request, response) -> {
            var path = request.uri();
            if (!"websocket".equalsIgnoreCase(request.requestHeaders().get("Upgrade"))) {
              return response.sendString(Mono.just("plain " + path));
            }
            if (path.endsWith("/refused")) {
              return response.status(404).send();
            }
            return request.requestHeaders().contains("Sec-WebSocket-Protocol")
                ? response.sendWebsocket((in, out) -> serve(path, in, out), spec)
                : response.sendWebsocket(
                    (in, out) -> serve(path, in, out),
                    WebsocketServerSpec.builder().maxFramePayloadLength(1 << 20).build());
          })
          .bindNow();
    }
  }
}
