package shop.local.os;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Polls until a condition holds, for example until a process is ready. */
public final class Probe {
  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final int SOCKET_TIMEOUT_MS = 1000;
  private static final int LOG_LINES = 15;

  /** A check of a process; an {@link IOException} counts as not passed. */
  @FunctionalInterface
  public interface Check {
    boolean passes() throws IOException;
  }

  private Probe() {}

  /**
   * Repeats a check until it passes.
   *
   * @throws LaunchException if the process exits, or the check does not pass within the timeout;
   *     the message ends with the last lines of the process's log
   */
  public static void await(OsProcess process, Duration timeout, Check check) {
    var ready = poll(timeout, INTERVAL, () -> passes(check) || failIfExited(process));
    if (!ready) {
      throw new LaunchException(
          "%s was not ready within %d s. The last lines of its log:\n%s"
              .formatted(process.name(), timeout.toSeconds(), process.logTail(LOG_LINES)));
    }
  }

  private static boolean passes(Check check) {
    try {
      return check.passes();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static boolean failIfExited(OsProcess process) {
    if (!process.alive()) {
      throw new LaunchException(
          "%s exited while it was starting. The last lines of its log:\n%s"
              .formatted(process.name(), process.logTail(LOG_LINES)));
    }
    return false;
  }

  /**
   * Evaluates a condition at least once, and then once per interval, until it holds.
   *
   * @return false if it did not hold within the timeout, or this thread was interrupted (it stays
   *     interrupted)
   */
  public static boolean poll(Duration timeout, Duration interval, BooleanSupplier condition) {
    var deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(interval.toNanos());
    }
    return true;
  }

  /** Sends bytes to a local port and returns at most {@code length} bytes of the response. */
  public static byte[] exchange(int port, byte[] request, int length) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SOCKET_TIMEOUT_MS);
      socket.setSoTimeout(SOCKET_TIMEOUT_MS);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      var bytes = socket.getInputStream().readNBytes(length);
      return Arrays.copyOf(bytes, bytes.length);
    }
  }
}
