package shop.gateway;

import static shop.gateway.RawService.ok;
import static shop.gateway.RawService.reset;
import static shop.gateway.RawService.write;
import static shop.gateway.RawService.writeLast;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A gateway with short time limits in front of misbehaving services, shared by the tests of
 * connections.
 */
final class RawServices {

  static final String ORIGIN = "https://pages.example";

  private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  /** The order service: what it does wrong depends on the path. */
  static final RawService ORDERS = new RawService(RawServices::orders);

  /** The payment service: two instances, of which one reads a request and resets the connection. */
  static final RawService RESETTING = new RawService((_, connection) -> reset(connection));

  static final RawService HEALTHY =
      new RawService(
          (request, connection) -> ok(connection, request.method() + " " + request.body()));

  /** The only instance of the notification service. */
  static final RawService LONELY = new RawService((_, connection) -> reset(connection));

  /** The operations service, whose circuit breaker opens soon: see BreakerTest. */
  static final RawService OPERATIONS =
      new RawService((request, connection) -> RawServices.operations.to(request, connection));

  static final int BREAKER_MINIMUM = 4;
  static final int BREAKER_TRIALS = 3;

  /** What the operations service answers. */
  static volatile RawService.Answer operations = (_, connection) -> ok(connection, "");

  /** The analytics service: like a process after SIGSTOP, it is connected to but never answers. */
  static final ServerSocket STOPPED = stopped();

  /** What the order service answers below /products/cache/. */
  static volatile RawService.Answer cached = (_, connection) -> ok(connection, "");

  static final Gateway GATEWAY =
      Gateway.start(
          "ORDER_SERVICE_URLS=" + ORDERS.url(),
          "PAYMENT_SERVICE_URLS=" + RESETTING.url() + "," + HEALTHY.url(),
          "NOTIFICATION_SERVICE_URLS=" + LONELY.url(),
          "ANALYTICS_SERVICE_URLS=http://127.0.0.1:" + STOPPED.getLocalPort(),
          "OPERATIONS_SERVICE_URLS=" + OPERATIONS.url(),
          operationsBreaker("minimum-calls", BREAKER_MINIMUM),
          operationsBreaker("trials", BREAKER_TRIALS),
          operationsBreaker("open-for", "300ms"),
          "BREAKER_MINIMUM_CALLS=1000000",
          "BALANCING_ALGORITHM=round-robin",
          // The services that never answer well stay in use.
          Gateway.NO_HEALTH_CHECKS,
          "EJECTION_FAILURES=1000000",
          "RESPONSE_TIMEOUT=3s",
          "REQUEST_HEAD_TIMEOUT=2s",
          "REQUEST_BODY_TIMEOUT=2s",
          "CORS_ALLOWED_ORIGINS=" + ORIGIN);

  private RawServices() {}

  private static String operationsBreaker(String setting, Object value) {
    return "shop.gateway.services.operations-service.circuit-breaker." + setting + "=" + value;
  }

  private static ServerSocket stopped() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers nothing more on the connection, like a service that is at work on a stream. */
  private static boolean untilItEnds(Socket connection) throws IOException {
    var _ = connection.getInputStream().readAllBytes();
    return false;
  }

  private static boolean orders(RawService.Request request, Socket connection) throws IOException {
    if (request.path().startsWith("/products/cache/")) {
      return cached.to(request, connection);
    }
    return switch (request.path()) {
      case "/products/never-ends" ->
          write(
                  connection,
                  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
              && untilItEnds(connection);
      case "/products/body-after-head" ->
          write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nSTOLEN");
      case "/products/body-after-204" ->
          write(
              connection,
              "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nSTOLEN\r\n0\r\n\r\n");
      case "/products/204-with-chunks" ->
          write(connection, "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n");
      case "/products/204-with-a-length" ->
          write(connection, "HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\n");
      case "/products/surplus-text" -> write(connection, HELLO + "STOLEN");
      case "/products/surplus-response" ->
          write(connection, HELLO + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nSTOLEN");
      case "/products/surplus-head" ->
          write(connection, HELLO + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
      case "/products/surplus-half-a-head" ->
          write(connection, HELLO + "HTTP/1.1 200 OK\r\nX-Stolen: 1");
      case "/products/surplus-after-chunks" ->
          write(
              connection,
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nSTOLEN");
      case "/products/continue" -> write(connection, "HTTP/1.1 100 Continue\r\n\r\n" + HELLO);
      case "/products/early-hints" ->
          write(connection, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + HELLO);
      case "/products/stalls" ->
          write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
      case "/products/not-http" -> write(connection, "NONSENSE\r\n\r\n");
      case "/products/chunked" ->
          write(
              connection,
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
      case "/products/length-and-chunked" ->
          write(
              connection,
              "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
      case "/products/two-lengths" ->
          write(
              connection, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nhello");
      case "/products/length-minus-5" ->
          write(connection, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello");
      case "/products/length-plus-5" ->
          write(connection, "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello");
      case "/products/bare-lf" -> write(connection, "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello");
      case "/products/bare-lf-in-chunks" ->
          write(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n");
      case "/products/cr-in-a-header" ->
          write(connection, "HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 5\r\n\r\nhello");
      case "/products/large-head" ->
          write(
              connection,
              "HTTP/1.1 200 OK\r\nX-A: "
                  + "x".repeat(20_000)
                  + "\r\nContent-Length: 5\r\n\r\nhello");
      case "/products/status-000" ->
          write(connection, "HTTP/1.1 000 None\r\nContent-Length: 5\r\n\r\nhello");
      case "/products/unasked-upgrade" ->
          write(
              connection,
              "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\nRAW");
      case "/products/many-informational" ->
          write(
              connection,
              "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
                  + HELLO);
      case "/products/begins-chunks" ->
          write(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
      case "/products/too-short" ->
          writeLast(connection, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello");
      case "/products/hop-by-hop" ->
          write(
              connection,
              "HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\nhello");
      case "/products/no-answer" -> untilItEnds(connection);
      case "/orders/1/events" ->
          write(
              connection,
              "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n: hello\r\n\r\n\r\n");
      default -> ok(connection, request.method() + " " + request.path());
    };
  }
}
