package shop.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A stub service behind the gateway: responds with its name and records the requests. */
final class Backend implements AutoCloseable {

  /** A request that the service received. */
  record Received(String method, String path, Map<String, String> headers, String body) {}

  private final String name;
  private final InetAddress address;
  private final int port;
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch closed = new CountDownLatch(1);
  private HttpServer server;
  private volatile boolean ready = true;

  Backend(String name) {
    this(name, InetAddress.getLoopbackAddress(), 0);
  }

  /** A service at another address of this machine; port 0 is any. */
  Backend(String name, InetAddress address, int port) {
    this.name = name;
    this.address = address;
    this.server = serve(port);
    this.port = server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  List<Received> requests() {
    return requests;
  }

  /** What it answers to the gateway's checks. */
  void ready(boolean value) {
    ready = value;
  }

  /** Lets requests go on whose path ends with {@code /never} or {@code /stream}. */
  void release() {
    var waiting = closed;
    closed = new CountDownLatch(1);
    waiting.countDown();
  }

  /** Starts the service again on the same port. */
  void restart() {
    closed = new CountDownLatch(1);
    server = serve(port);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }

  private HttpServer serve(int onPort) {
    try {
      var created = HttpServer.create(new InetSocketAddress(address, onPort), 0);
      created.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      created.createContext("/", this::respond);
      created.start();
      return created;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void respond(HttpExchange exchange) throws IOException {
    if (exchange.getRequestURI().getPath().equals("/readyz")) {
      exchange.sendResponseHeaders(ready ? 200 : 503, -1);
      exchange.close();
      return;
    }
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((key, values) -> headers.put(key, values.getFirst()));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(
        new Received(
            exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body));
    if (exchange.getRequestURI().getPath().endsWith("/stream")) {
      stream(exchange);
      return;
    }
    if (exchange.getRequestURI().getPath().endsWith("/never")) {
      awaitClosed();
    }
    byte[] response = name.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("X-Answered-By", name);
    if (exchange.getRequestURI().getPath().endsWith("/cacheable")) {
      exchange.getResponseHeaders().set("Cache-Control", "max-age=600");
    }
    exchange.sendResponseHeaders(200, response.length);
    exchange.getResponseBody().write(response);
    exchange.close();
  }

  /** One event, and no end before the service is closed. */
  private void stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream;charset=UTF-8");
    exchange.sendResponseHeaders(200, 0);
    exchange
        .getResponseBody()
        .write(("id: 1\ndata: " + name + "\n\n").getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
    awaitClosed();
    exchange.close();
  }

  private void awaitClosed() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
