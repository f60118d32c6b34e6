package shop.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service behind the gateway that answers with bytes of its own choice, right or wrong. */
final class RawService implements AutoCloseable {

  /**
   * A request.
   *
   * @param head without its last empty line
   * @param connection the port of the gateway's end of the connection
   */
  record Request(String head, String body, int connection) {
    String method() {
      return head.substring(0, head.indexOf(' '));
    }

    String path() {
      return head.split(" ", 3)[1];
    }
  }

  /** Answers a request; false ends the connection. */
  @FunctionalInterface
  interface Answer {
    boolean to(Request request, Socket connection) throws IOException;
  }

  private final ServerSocket server;
  private final Answer answer;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<Socket, String> open = new ConcurrentHashMap<>();

  RawService(Answer answer) {
    this.answer = answer;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  List<Request> requests() {
    return requests;
  }

  /** True if a connection is open whose last request was for this path. */
  boolean isOpen(String path) {
    return open.containsValue(path);
  }

  /** Writes to the connections that are open and whose last request was for this path. */
  void writeUnasked(String path, String bytes) throws IOException {
    for (var connection : open.entrySet()) {
      if (connection.getValue().equals(path)) {
        write(connection.getKey(), bytes);
      }
    }
  }

  /** Writes a response. */
  static boolean write(Socket connection, String bytes) throws IOException {
    OutputStream out = connection.getOutputStream();
    out.write(bytes.getBytes(ISO_8859_1));
    out.flush();
    return true;
  }

  /** Writes a complete response with status 200. */
  static boolean ok(Socket connection, String body) throws IOException {
    return write(
        connection, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
  }

  /** Writes a response that ends with the connection. */
  static boolean writeLast(Socket connection, String bytes) throws IOException {
    write(connection, bytes);
    return false;
  }

  /** Resets the connection. */
  static boolean reset(Socket connection) throws IOException {
    connection.setSoLinger(true, 0);
    return false;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var connection : open.keySet()) {
      connection.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = new BufferedInputStream(connection.getInputStream());
      for (var request = read(in, connection); request != null; request = read(in, connection)) {
        requests.add(request);
        open.put(connection, request.path());
        if (!answer.to(request, connection)) {
          return;
        }
      }
    } catch (IOException _) {
      // The gateway closed the connection.
    } finally {
      open.remove(connection);
    }
  }

  private static Request read(InputStream in, Socket connection) throws IOException {
    var head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.append((char) next);
    }
    var length = java.util.regex.Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
    byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    if (!head.toString().contains(" HTTP/1.1\r\n")) {
      // The end of a chunked body without content.
      return read(in, connection);
    }
    return new Request(head.toString().strip(), new String(body, ISO_8859_1), connection.getPort());
  }
}
