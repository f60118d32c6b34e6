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
 * A proxy between a service and its Redis that can block a connection at a certain command: before
 * the command reaches Redis, or before its reply reaches the service.
 */
final class TcpProxy implements AutoCloseable {

  /** The command at which a connection is blocked; the latch opens when it was reached. */
  private record Breakpoint(String text, boolean afterCommand, CountDownLatch reached) {}

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Breakpoint> breakpoint = new AtomicReference<>();

  TcpProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Blocks the next connection that sends a command with this text, before the command. */
  Reached blockCommand(String text) {
    return set(new Breakpoint(text, false, new CountDownLatch(1)));
  }

  /** Blocks the next connection that sends a command with this text, after the command. */
  Reached blockReplyTo(String text) {
    return set(new Breakpoint(text, true, new CountDownLatch(1)));
  }

  private Reached set(Breakpoint next) {
    breakpoint.set(next);
    return () -> {
      if (!next.reached().await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("No command contained " + next.text());
      }
    };
  }

  /** Waits until a connection is blocked. */
  interface Reached {
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
        var connection = new ProxiedConnection(client, redis);
        Thread.ofVirtual().start(connection::forward);
        Thread.ofVirtual().start(connection::back);
      }
    } catch (IOException e) {
      if (!server.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A connection of the service, with the one to Redis. */
  private final class ProxiedConnection {
    private final Socket client;
    private final Socket redis;
    private volatile boolean blocked;

    ProxiedConnection(Socket client, Socket redis) {
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
          if (blocked) {
            return;
          }
          @Nullable Breakpoint set = breakpoint.get();
          boolean hit =
              commands && set != null && new String(buffer, 0, n, ISO_8859_1).contains(set.text());
          if (hit) {
            blocked = true;
            breakpoint.set(null);
          }
          if (!hit || set.afterCommand()) {
            out.write(buffer, 0, n);
            out.flush();
          }
          if (hit) {
            set.reached().countDown();
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
