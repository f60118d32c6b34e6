package shop.bench.platform;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Runs an action at a constant rate. */
public final class ConstantRate {

  private ConstantRate() {}

  /** Runs the action {@code perSecond * seconds} times at even intervals. */
  public static void run(int perSecond, int seconds, Runnable action) {
    long start = System.nanoTime();
    for (int i = 0; i < perSecond * seconds; i++) {
      long due = start + TimeUnit.SECONDS.toNanos(1) * i / perSecond;
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      action.run();
    }
  }
}
