package shop.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.regex.Pattern;
import shop.common.json.Json;

/** A client that sends bytes of its own choice to a gateway, right or wrong. */
final class RawClient implements AutoCloseable {

  private static final int READ_TIMEOUT_MS = 30_000;
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: (\\d+)");

  /** A response; {@code head} includes the status line. */
  record Response(String head, String body) {

    int status() {
      return Integer.parseInt(head.split(" ", 3)[1]);
    }

    /** The value of a header in lower case; empty if it is missing. */
    String header(String name) {
      var line = Pattern.compile("(?im)^" + name + ": (.*)$").matcher(head);
      return line.find() ? line.group(1).strip() : "";
    }

    void assertProblem(int status, String type) {
      assertThat(status()).as(head + body).isEqualTo(status);
      assertThat(header("Content-Type")).startsWith("application/problem+json");
      var problem = Json.MAPPER.readTree(body);
      assertThat(problem.get("status").asInt()).isEqualTo(status);
      assertThat(problem.get("type").asString()).isEqualTo("/problems/" + type);
      assertThat(problem.get("title").asString()).isNotBlank();
      assertThat(problem.get("detail").asString()).isNotBlank();
      assertThat(problem.get("traceId").asString()).matches("[0-9a-f]{32}");
    }
  }

  private final Socket socket;
  private final InputStream in;

  RawClient(Gateway gateway) throws IOException {
    this(gateway, "127.0.0.1");
  }

  /** A client at an address of this machine. */
  RawClient(Gateway gateway, String from) throws IOException {
    this(gateway.port(), from);
  }

  RawClient(int port, String from) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.ofLiteral(from), 0));
  }

  /** A client on a connection, for example of TLS. */
  RawClient(Socket connection) throws IOException {
    socket = connection;
    socket.setSoTimeout(READ_TIMEOUT_MS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends one request on a connection of its own and reads the response. */
  static Response exchange(Gateway gateway, String request) throws IOException {
    try (var client = new RawClient(gateway)) {
      return client.send(request).read();
    }
  }

  RawClient send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    return this;
  }

  /** Sends nothing more, but still reads. */
  void endInput() throws IOException {
    socket.shutdownOutput();
  }

  /** Reads a response to a request other than HEAD. */
  Response read() throws IOException {
    String head = head();
    var length = LENGTH.matcher(head);
    if (length.find()) {
      int size = Integer.parseInt(length.group(1));
      return new Response(head, new String(in.readNBytes(size), ISO_8859_1));
    }
    boolean empty = head.startsWith("HTTP/1.1 204") || head.startsWith("HTTP/1.1 1");
    return new Response(head, empty ? "" : rest());
  }

  /** Reads up to the end of a response's head. */
  String head() throws IOException {
    var head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("The connection ended after: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** Reads a line. */
  String line() throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  /** Reads until the gateway closes the connection. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  /** True if the gateway has not closed the connection and nothing more has arrived. */
  boolean isOpen() throws IOException {
    socket.setSoTimeout(1);
    try {
      return in.read() >= 0;
    } catch (java.net.SocketTimeoutException _) {
      return true;
    } finally {
      socket.setSoTimeout(READ_TIMEOUT_MS);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
