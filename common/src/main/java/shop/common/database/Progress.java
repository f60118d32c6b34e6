package shop.common.database;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** How far a follower has come; written by its thread, read and awaited by others. */
final class Progress {

  /** How often those who wait look for what other instances have applied. */
  private static final Duration WAIT_INTERVAL = Duration.ofMillis(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();
  private volatile boolean caughtUp;
  private volatile long lag;
  private volatile Instant asOf = Instant.EPOCH;

  /** True after all records that existed when this instance started have been applied. */
  boolean caughtUp() {
    return caughtUp;
  }

  void setCaughtUp() {
    caughtUp = true;
  }

  /** The number of records that are in this instance's partitions and have not been applied. */
  long lag() {
    return lag;
  }

  void setLag(long records) {
    lag = records;
  }

  /** All records that were appended until then have been applied, by whichever instance. */
  Instant asOf() {
    return asOf;
  }

  void setAsOf(Instant time) {
    asOf = time;
  }

  /** Lets those who wait look at their condition now. */
  void signal() {
    lock.lock();
    try {
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until a condition holds.
   *
   * @return false if it has not within the timeout
   */
  boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      lock.lockInterruptibly();
      try {
        if (System.nanoTime() >= deadline) {
          return false;
        }
        var _ = advanced.awaitNanos(WAIT_INTERVAL.toNanos());
      } finally {
        lock.unlock();
      }
    }
    return true;
  }
}
