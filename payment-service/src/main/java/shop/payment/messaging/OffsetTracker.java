package shop.payment.messaging;

import java.time.Duration;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The offsets of one assigned partition. Records finish in any order; the committable offset is
 * that of the first unfinished record. A tracker is discarded when its partition is revoked or
 * lost.
 */
final class OffsetTracker {

  private final NavigableSet<Long> unfinished = new TreeSet<>();
  private final CountDownLatch lost = new CountDownLatch(1);
  private long next = -1;
  private long committed = -1;
  private int working;

  /** Adds a polled record. Offsets ascend. */
  synchronized void received(long offset) {
    if (committed < 0) {
      committed = offset;
    }
    unfinished.add(offset);
    next = offset + 1;
  }

  /** Sets the consumer's position; transaction markers may lie between the last record and it. */
  synchronized void advanceTo(long position) {
    next = position;
  }

  /**
   * The offset to commit.
   *
   * @return the offset to read from after a crash; empty if it is committed already
   */
  synchronized OptionalLong committable() {
    long safe = unfinished.isEmpty() ? next : unfinished.first();
    return safe > committed ? OptionalLong.of(safe) : OptionalLong.empty();
  }

  synchronized void committed(long offset) {
    committed = offset;
  }

  /** The number of offsets from the first unfinished record to the consumer's position. */
  synchronized long span() {
    return unfinished.isEmpty() ? 0 : next - unfinished.first();
  }

  /**
   * Waits until the partition is lost, or for the given time.
   *
   * @return true if it is lost: the partition's new owner reads its unfinished records
   */
  boolean awaitLost(Duration time) throws InterruptedException {
    return lost.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Starts work on a record. Each call that returns true needs one {@link #endWork}.
   *
   * @return false if the partition is lost
   */
  synchronized boolean beginWork() {
    if (lost.getCount() == 0) {
      return false;
    }
    working++;
    return true;
  }

  /**
   * Ends work on a record and marks it finished in one step, because a thread in {@link #awaitIdle}
   * then commits the finished records.
   *
   * @param finished whether the record need not be read again
   */
  synchronized void endWork(long offset, boolean finished) {
    working--;
    if (finished) {
      unfinished.remove(offset);
    }
    notifyAll();
  }

  /** Marks the partition as lost: no more work begins. */
  synchronized void markLost() {
    lost.countDown();
  }

  /** Waits until no work is in progress, at most until a deadline of {@link System#nanoTime}. */
  synchronized void awaitIdle(long deadline) throws InterruptedException {
    long left = deadline - System.nanoTime();
    while (working > 0 && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
  }
}
