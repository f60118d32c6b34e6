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
 * A TCP proxy that can lose every answer: what clients say arrives, what they are told does not.
 */
final class Proxy implements AutoCloseable {

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong lost = new AtomicLong();
  private volatile boolean losing;

  Proxy(int port, int target) {
    this.target = target;
    try {
      server = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("Port " + port + " is needed for a proxy", e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** From now on answers are lost. */
  void loseAnswers() {
    lost.set(0);
    losing = true;
  }

  /** Lets answers through again, on new connections. */
  void heal() {
    if (losing) {
      losing = false;
      // Whoever waits for a lost answer learns now that it will not come.
      sockets.forEach(Proxy::close);
    }
  }

  /** How many bytes of answers were lost since it began to lose them. */
  long lostBytes() {
    return lost.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        join(server.accept());
      } catch (IOException e) {
        // The server behind is away, or this one is closed: the client sees its connection end.
      }
    }
  }

  private void join(Socket client) throws IOException {
    sockets.add(client);
    try {
      var behind = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(behind);
      client.setTcpNoDelay(true);
      behind.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> copy(client, behind, false));
      Thread.ofVirtual().start(() -> copy(behind, client, true));
    } catch (IOException e) {
      sockets.remove(client);
      close(client);
      throw e;
    }
  }

  private void copy(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[64 << 10];
    boolean broken = false;
    try (from;
        to) {
      var in = from.getInputStream();
      var out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        // What lost something never goes on: no client could make sense of the rest.
        broken |= answers && losing;
        if (broken) {
          lost.addAndGet(n);
        } else {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // One side is gone; the other learns it by the close.
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
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(Proxy::close);
  }
}
