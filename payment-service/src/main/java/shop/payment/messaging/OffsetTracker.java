package shop.payment.messaging;

import java.time.Duration;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How far one partition has got: records end in any order, and its offset is committed only up to
 * the first that has not. Ends when the partition is lost to another instance.
 */
final class OffsetTracker {

  private final NavigableSet<Long> open = new TreeSet<>();
  private final CountDownLatch lost = new CountDownLatch(1);
  private long next = -1;
  private long committed = -1;
  private int working;

  /** A record is in hand. Offsets grow. */
  synchronized void taken(long offset) {
    if (committed < 0) {
      committed = offset;
    }
    open.add(offset);
    next = offset + 1;
  }

  /** Everything below was polled; beyond the last record there may be marks of transactions. */
  synchronized void read(long position) {
    next = position;
  }

  /**
   * What may be committed now.
   *
   * @return the offset to read from after a crash; empty if that has not moved
   */
  synchronized OptionalLong committable() {
    long safe = open.isEmpty() ? next : open.first();
    return safe > committed ? OptionalLong.of(safe) : OptionalLong.empty();
  }

  synchronized void committed(long offset) {
    committed = offset;
  }

  /** Records from the first that is not done to the newest in hand. */
  synchronized long span() {
    return open.isEmpty() ? 0 : next - open.first();
  }

  /**
   * Waits, unless the partition is lost or gets lost meanwhile.
   *
   * @return true if it is lost: whoever has it now takes its open records
   */
  boolean lostWithin(Duration time) throws InterruptedException {
    return lost.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Starts work on a record; false if the partition is lost. Each true needs one {@link #end}. */
  synchronized boolean begin() {
    if (lost.getCount() == 0) {
      return false;
    }
    working++;
    return true;
  }

  /**
   * Ends work on a record. In one step, because whoever waits for the end commits what is done.
   *
   * @param done whether the record was dealt with, so that it need never be read again
   */
  synchronized void end(long offset, boolean done) {
    working--;
    if (done) {
      open.remove(offset);
    }
    notifyAll();
  }

  /** No more work begins. */
  synchronized void lose() {
    lost.countDown();
  }

  /** Waits until no work is under way, at most until a time of {@link System#nanoTime}. */
  synchronized void awaitIdle(long deadline) throws InterruptedException {
    long left = deadline - System.nanoTime();
    while (working > 0 && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
  }
}
