package shop.common.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An HTTP/1.1 client that sends the given bytes unchanged. */
public final class RawHttp implements Closeable {

  private static final int READ_TIMEOUT_MS = 30_000;

  private final Socket socket;

  public RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(READ_TIMEOUT_MS);
  }

  /**
   * A response.
   *
   * @param headers lines such as {@code content-type: text/html}, names in lower case
   * @param text the body as UTF-8
   */
  public record Response(int status, List<String> headers, String text) {

    /** The first value of a header. */
    public Optional<String> header(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return headers.stream()
          .filter(line -> line.startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip())
          .findFirst();
    }
  }

  /** Sends one request on a new connection; {@code \n} becomes a line end of HTTP. */
  public static Response send(int port, String head, byte... body) throws IOException {
    try (var http = new RawHttp(port)) {
      http.write(head.replace("\n", "\r\n").getBytes(ISO_8859_1));
      http.write(body);
      return http.read(head.startsWith("HEAD "));
    }
  }

  public void write(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Writes unless the server has closed the connection. */
  public boolean writeQuietly(byte... bytes) {
    try {
      write(bytes);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Reads one response, with its body unless the request was HEAD. */
  public Response read(boolean head) throws IOException {
    InputStream in = socket.getInputStream();
    String status = line(in);
    List<String> headers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.add(line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon));
    }
    int code = Integer.parseInt(status.split(" ", 3)[1]);
    var response = new Response(code, headers, "");
    boolean hasBody = !head && code != 204 && code != 304 && code >= 200;
    return hasBody ? new Response(code, headers, new String(body(in, response), UTF_8)) : response;
  }

  private static byte[] body(InputStream in, Response response) throws IOException {
    if (response.header("Transfer-Encoding").isPresent()) {
      var body = new ByteArrayOutputStream();
      for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
        body.write(in.readNBytes(size));
        line(in);
      }
      return body.toByteArray();
    }
    var length = response.header("Content-Length");
    return length.isPresent() ? in.readNBytes(Integer.parseInt(length.get())) : in.readAllBytes();
  }

  private static int chunkSize(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("The connection was closed after: " + line.toString(ISO_8859_1));
      }
      line.write(next);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
