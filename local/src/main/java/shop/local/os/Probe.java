package shop.local.os;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** Waiting until a process answers, by asking it. */
public final class Probe {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int TIMEOUT_MS = 1000;

  /** A question to a process; an {@link IOException} means not yet. */
  @FunctionalInterface
  public interface Question {
    boolean answered() throws IOException;
  }

  private Probe() {}

  /**
   * Asks until the answer is yes.
   *
   * @throws Failure if the process ends or does not answer in time; the message ends with its log
   */
  public static void await(OsProcess process, Duration limit, Question question) {
    var deadline = System.nanoTime() + limit.toNanos();
    while (!isAnswered(question)) {
      if (!process.alive()) {
        throw new Failure(
            process.name() + " ended while starting. Its last lines:\n" + process.lastWords(15));
      }
      if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
        throw new Failure(
            "%s was not ready within %d s. Its last lines:\n%s"
                .formatted(process.name(), limit.toSeconds(), process.lastWords(15)));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static boolean isAnswered(Question question) {
    try {
      return question.answered();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Sends bytes to a local port and gives the first bytes of the answer. */
  public static byte[] exchange(int port, byte[] request, int answer) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      var bytes = socket.getInputStream().readNBytes(answer);
      return Arrays.copyOf(bytes, bytes.length);
    }
  }
}
