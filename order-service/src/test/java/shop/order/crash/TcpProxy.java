package shop.order.crash;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a service and its Redis and can hold the line at one very command: before it
 * reaches Redis, or before its answer reaches the service.
 */
final class TcpProxy implements AutoCloseable {

  /** Where the line is held, and the sign that it was reached. */
  private record Trap(String text, boolean holdAnswer, CountDownLatch sprung) {}

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Trap> trap = new AtomicReference<>();

  TcpProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Lets no command through that contains the text, nor any that comes after it. */
  Sprung holdBefore(String text) {
    return set(new Trap(text, false, new CountDownLatch(1)));
  }

  /** Lets the command through, but no answer from then on. */
  Sprung holdAnswerTo(String text) {
    return set(new Trap(text, true, new CountDownLatch(1)));
  }

  private Sprung set(Trap next) {
    trap.set(next);
    return () -> {
      if (!next.sprung().await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("Nobody said " + next.text());
      }
    };
  }

  /** Waits until somebody is held. */
  interface Sprung {
    void await() throws InterruptedException;
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        var client = server.accept();
        var redis = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        redis.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(redis);
        var line = new Line(client, redis);
        Thread.ofVirtual().start(line::forward);
        Thread.ofVirtual().start(line::back);
      }
    } catch (IOException e) {
      if (!server.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** One connection. */
  private final class Line {
    private final Socket client;
    private final Socket redis;
    private volatile boolean held;

    Line(Socket client, Socket redis) {
      this.client = client;
      this.redis = redis;
    }

    void forward() {
      copy(client, redis, true);
    }

    void back() {
      copy(redis, client, false);
    }

    private void copy(Socket from, Socket to, boolean commands) {
      byte[] buffer = new byte[64 << 10];
      try {
        var in = from.getInputStream();
        var out = to.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (held) {
            return;
          }
          @Nullable Trap set = trap.get();
          boolean caught =
              commands && set != null && new String(buffer, 0, n, ISO_8859_1).contains(set.text());
          if (caught) {
            held = true;
            trap.set(null);
          }
          if (!caught || set.holdAnswer()) {
            out.write(buffer, 0, n);
            out.flush();
          }
          if (caught) {
            set.sprung().countDown();
          }
        }
        to.close();
      } catch (IOException e) {
        close(from);
        close(to);
      }
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
  public void close() throws IOException {
    server.close();
    sockets.forEach(TcpProxy::close);
  }
}
