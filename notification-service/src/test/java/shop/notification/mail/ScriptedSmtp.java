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

/** A mail server that answers commands as a test wants it to, and 250 to all others. */
final class ScriptedSmtp implements AutoCloseable {

  /** DATA's answer if the message is never read. */
  static final String DEAF = "deaf";

  private final ServerSocket socket;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, String> answers;
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * @param answers by the command's verb; DATA's is the one to the message
   */
  ScriptedSmtp(Map<String, String> answers) throws IOException {
    this.socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    this.answers = answers;
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return socket.getLocalPort();
  }

  /** How many were opened so far. */
  int connections() {
    return connections.get();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        var client = socket.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> talkTo(client));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void talkTo(Socket client) {
    try (client) {
      talk(client);
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void talk(Socket client) throws IOException, InterruptedException {
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
        if (DEAF.equals(answers.get(verb))) {
          closed.await();
          return;
        }
        while (!".".equals(in.readLine())) {
          // the message's lines
        }
      }
      out.print(answers.getOrDefault(verb, verb.equals("QUIT") ? "221 bye" : "250 ok") + "\r\n");
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }
}
