package shop.order;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** A client of an event stream that reads it line by line, or not at all. */
public final class EventStreamClient implements Closeable {

  private static final int READ_TIMEOUT_MS = 30_000;

  /** Bytes. */
  private static final int SMALL_BUFFER = 1024;

  private static final String LAST_CHUNK = "0";

  private final Socket socket = new Socket();
  private final BufferedReader lines;

  public EventStreamClient(int port, TestOrders customer, String id, @Nullable String lastEventId)
      throws IOException {
    this(port, customer, id, lastEventId, 0);
  }

  /** A client whose receive buffer fills soon if it does not read. */
  public static EventStreamClient small(int port, TestOrders customer, String id)
      throws IOException {
    return new EventStreamClient(port, customer, id, null, SMALL_BUFFER);
  }

  private EventStreamClient(
      int port, TestOrders customer, String id, @Nullable String lastEventId, int buffer)
      throws IOException {
    if (buffer > 0) {
      socket.setReceiveBufferSize(buffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(READ_TIMEOUT_MS);
    String resume = lastEventId == null ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
    socket
        .getOutputStream()
        .write(
            """
            GET /orders/%s/events HTTP/1.1\r
            Host: localhost\r
            Accept: text/event-stream\r
            Authorization: Bearer %s\r
            %s\r
            """
                .formatted(id, customer.token(), resume)
                .getBytes(UTF_8));
    lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  /** The status line of the response; to be called before the other methods. */
  public @Nullable String status() throws IOException {
    return lines.readLine();
  }

  /** The id of the next event, {@code id: 1}; null after the end of the stream. */
  public @Nullable String next() throws IOException {
    return next("id: ");
  }

  /** The next comment; null after the end of the stream. */
  public @Nullable String comment() throws IOException {
    return next(":");
  }

  private @Nullable String next(String prefix) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.equals(LAST_CHUNK) && !line.startsWith(prefix)) {
      line = lines.readLine();
    }
    return LAST_CHUNK.equals(line) ? null : line;
  }

  /** Closes the connection with a reset, as a client does that is killed with unread data. */
  public void abort() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
