package shop.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A service in a process of its own, so that it can be stopped and killed like a real one. Answers
 * with its port after a few milliseconds. On SIGTERM it does as our services do: it turns unready,
 * waits until the gateway has noticed, and then stops listening.
 */
final class InstanceProcess {

  private static final long UNREADY_MS = 1_500;
  private static final int STOP_SECONDS = 5;
  private static volatile boolean ready = true;
  private static volatile long serviceTimeMs;

  private InstanceProcess() {}

  /** The arguments are the port and the service time in milliseconds. */
  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    serviceTimeMs = Long.parseLong(arguments[1]);
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> respond(exchange, port));
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
  }

  private static void respond(HttpExchange exchange, int port) throws IOException {
    try (exchange) {
      var _ = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestURI().getPath().equals("/readyz")) {
        exchange.sendResponseHeaders(ready ? 200 : 503, -1);
        return;
      }
      pause(serviceTimeMs);
      byte[] body = Integer.toString(port).getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static void stop(HttpServer server) {
    ready = false;
    pause(UNREADY_MS);
    server.stop(STOP_SECONDS);
  }

  private static void pause(long milliseconds) {
    try {
      TimeUnit.MILLISECONDS.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
