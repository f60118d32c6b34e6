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

/** A service behind the gateway: answers with its name, and remembers what it was asked. */
final class Backend implements AutoCloseable {

  /** What it was asked. */
  record Asked(String method, String path, Map<String, String> headers, String body) {}

  private final String name;
  private final int port;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch silence = new CountDownLatch(1);
  private HttpServer server;

  Backend(String name) {
    this.name = name;
    this.server = serve(0);
    this.port = server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  List<Asked> asked() {
    return asked;
  }

  /** Comes back at the same port. */
  void restart() {
    silence = new CountDownLatch(1);
    server = serve(port);
  }

  @Override
  public void close() {
    silence.countDown();
    server.stop(0);
  }

  private HttpServer serve(int at) {
    try {
      var created =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
      created.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      created.createContext("/", this::answer);
      created.start();
      return created;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((key, values) -> headers.put(key, values.getFirst()));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(
        new Asked(exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body));
    if (exchange.getRequestURI().getPath().endsWith("/never")) {
      await();
    }
    byte[] answer = name.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("X-Answered-By", name);
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private void await() {
    try {
      silence.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
