package shop.common.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for something that reports no completion, by evaluating a condition repeatedly. */
public final class Polling {

  private Polling() {}

  /**
   * Evaluates a condition at least once, and then once per interval, until it holds.
   *
   * @return false if it did not hold within the timeout
   */
  public static boolean await(Duration timeout, Duration interval, BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(interval.toNanos());
    }
    return true;
  }
}
