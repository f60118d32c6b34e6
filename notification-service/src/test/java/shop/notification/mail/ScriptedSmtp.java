package shop.notification.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A mail server that replies to commands as configured by a test, and with 250 to all others. */
final class ScriptedSmtp implements AutoCloseable {

  /** The configured reply to DATA that makes the server never read the message. */
  static final String NEVER_READ = "never-read";

  private final ServerSocket socket;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, String> replies;
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * @param replies by the command's verb; that of DATA is the reply to the message
   */
  ScriptedSmtp(Map<String, String> replies) throws IOException {
    this.socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    this.replies = replies;
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return socket.getLocalPort();
  }

  /** The number of connections so far. */
  int connections() {
    return connections.get();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        var client = socket.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> handleClient(client));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void handleClient(Socket client) {
    try (client) {
      converse(client);
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void converse(Socket client) throws IOException, InterruptedException {
    var in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    var out = new PrintWriter(client.getOutputStream(), true, StandardCharsets.US_ASCII);
    out.print("220 test\r\n");
    out.flush();
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      var verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
      if (verb.equals("DATA")) {
        out.print("354 go on\r\n");
        out.flush();
        if (NEVER_READ.equals(replies.get(verb))) {
          closed.await();
          return;
        }
        while (!".".equals(in.readLine())) {
          // the message's lines
        }
      }
      out.print(replies.getOrDefault(verb, verb.equals("QUIT") ? "221 bye" : "250 ok") + "\r\n");
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }
}
