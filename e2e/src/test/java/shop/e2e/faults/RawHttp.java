package shop.e2e.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** Sends bytes that no HTTP library would send, each request over a connection of its own. */
final class RawHttp {

  private static final int TIMEOUT_MILLIS = 20_000;

  private RawHttp() {}

  /**
   * Sends a request and returns the status of the response; 0 if there was none.
   *
   * @param request the request line, the headers and the body; Latin-1, so that each character is
   *     one byte
   */
  static int status(URI server, String request) {
    try (var socket = connect(server)) {
      send(socket, request);
      String line = line(socket.getInputStream());
      return line.startsWith("HTTP/1.1 ") ? Integer.parseInt(line.substring(9, 12)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Sends a request, reads the first line of the response and closes the connection. */
  static void hangUp(URI server, String request) {
    var _ = status(server, request);
  }

  private static Socket connect(URI server) throws IOException {
    var socket = new Socket();
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), TIMEOUT_MILLIS);
    return socket;
  }

  private static void send(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    int next;
    while ((next = in.read()) >= 0 && next != '\n') {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
