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

/** A client that follows an order, and reads what it is sent line by line or not at all. */
public final class EventStreamClient implements Closeable {

  private static final int PATIENCE_MILLIS = 30_000;

  /** Bytes. */
  private static final int SMALL = 1024;

  private static final String LAST_CHUNK = "0";

  private final Socket socket = new Socket();
  private final BufferedReader lines;

  public EventStreamClient(int port, TestOrders customer, String id, @Nullable String lastEventId)
      throws IOException {
    this(port, customer, id, lastEventId, 0);
  }

  /** A client that is soon full if it does not read. */
  public static EventStreamClient small(int port, TestOrders customer, String id)
      throws IOException {
    return new EventStreamClient(port, customer, id, null, SMALL);
  }

  private EventStreamClient(
      int port, TestOrders customer, String id, @Nullable String lastEventId, int buffer)
      throws IOException {
    if (buffer > 0) {
      socket.setReceiveBufferSize(buffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(PATIENCE_MILLIS);
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

  /** The first line of the answer, which is to be asked for before anything else. */
  public @Nullable String status() throws IOException {
    return lines.readLine();
  }

  /** The id of the next event, {@code id: 1}; null once the stream has ended. */
  public @Nullable String next() throws IOException {
    return next("id: ");
  }

  /** The next line that is no event; null once the stream has ended. */
  public @Nullable String comment() throws IOException {
    return next(":");
  }

  private @Nullable String next(String beginning) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.equals(LAST_CHUNK) && !line.startsWith(beginning)) {
      line = lines.readLine();
    }
    return LAST_CHUNK.equals(line) ? null : line;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
