package shop.bench.platform;

import java.io.IOException;
import java.time.Duration;

/** Waits for a condition by polling. */
public final class Polling {

  private Polling() {}

  /** Something that is evaluated and may need I/O. */
  @FunctionalInterface
  public interface Query<T> {
    T get() throws IOException, InterruptedException;
  }

  /**
   * Evaluates a condition, with a pause in between, until it is true.
   *
   * @throws IOException with the message if the condition is still false after the timeout
   */
  public static void await(
      Duration timeout, Duration interval, Query<Boolean> condition, Query<String> message)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.get()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(message.get());
      }
      Thread.sleep(interval);
    }
  }
}
