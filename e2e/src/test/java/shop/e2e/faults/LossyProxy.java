package shop.e2e.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy that can drop all responses: requests reach the server, responses do not reach the
 * clients.
 */
final class LossyProxy implements AutoCloseable {

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong dropped = new AtomicLong();
  private volatile boolean dropping;

  LossyProxy(int port, int target) {
    this.target = target;
    try {
      listener = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("The proxy needs port " + port, e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** Starts to drop responses. */
  void dropResponses() {
    dropped.set(0);
    dropping = true;
  }

  /** Stops dropping responses and closes all connections. */
  void heal() {
    if (dropping) {
      dropping = false;
      // Clients that wait for a dropped response fail immediately.
      sockets.forEach(LossyProxy::close);
    }
  }

  /** The number of response bytes dropped since {@link #dropResponses}. */
  long droppedBytes() {
    return dropped.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        connect(listener.accept());
      } catch (IOException e) {
        // The server is unavailable or the proxy is closed: the client's connection is closed.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    sockets.add(client);
    try {
      var server = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> copy(client, server, false));
      Thread.ofVirtual().start(() -> copy(server, client, true));
    } catch (IOException e) {
      sockets.remove(client);
      close(client);
      throw e;
    }
  }

  private void copy(Socket from, Socket to, boolean responses) {
    byte[] buffer = new byte[64 << 10];
    boolean broken = false;
    try (from;
        to) {
      var in = from.getInputStream();
      var out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        // A connection that dropped bytes stays broken: the rest of the stream would be invalid.
        broken |= responses && dropping;
        if (broken) {
          dropped.addAndGet(n);
        } else {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // One side has closed the connection; closing both informs the other.
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(LossyProxy::close);
  }
}
