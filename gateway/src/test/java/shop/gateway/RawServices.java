package shop.gateway;

import static shop.gateway.RawService.ok;
import static shop.gateway.RawService.reset;
import static shop.gateway.RawService.write;

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

  /** The analytics service: like a process after SIGSTOP, it is connected to but never answers. */
  static final ServerSocket STOPPED = stopped();

  static final Gateway GATEWAY =
      Gateway.start(
          "ORDER_SERVICE_URLS=" + ORDERS.url(),
          "PAYMENT_SERVICE_URLS=" + RESETTING.url() + "," + HEALTHY.url(),
          "NOTIFICATION_SERVICE_URLS=" + LONELY.url(),
          "ANALYTICS_SERVICE_URLS=http://127.0.0.1:" + STOPPED.getLocalPort(),
          "BALANCING_ALGORITHM=round-robin",
          // The services that never answer well stay in use.
          "HEALTH_CHECK_INTERVAL=1h",
          "EJECTION_FAILURES=1000000",
          "RESPONSE_TIMEOUT=3s",
          "REQUEST_HEAD_TIMEOUT=2s",
          "REQUEST_BODY_TIMEOUT=2s",
          "CORS_ALLOWED_ORIGINS=" + ORIGIN);

  private RawServices() {}

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
      case "/orders/1/events" ->
          write(
              connection,
              "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n: hello\r\n\r\n\r\n");
      default -> ok(connection, request.method() + " " + request.path());
    };
  }
}
