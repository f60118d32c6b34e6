package shop.balancing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Finagle's retry budget: retries are at most a share of the requests of the last ten seconds, plus
 * a few per second so that a quiet service may retry at all. When everything fails, retries add the
 * share to the load instead of multiplying it; the price is that some calls fail which a retry
 * would have saved.
 *
 * <p>The window slides by slots of a second. Thread-safe; requests are counted without a lock.
 */
public final class RetryBudget {
  private static final int SLOTS = 10;
  private static final long SLOT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int COUNT_BITS = 32;
  private static final long COUNT = (1L << COUNT_BITS) - 1;

  private final AtomicLongArray requests = new AtomicLongArray(SLOTS);
  private final AtomicLongArray retries = new AtomicLongArray(SLOTS);
  private final int percent;
  private final int perSecond;

  /**
   * An empty window.
   *
   * @param percent of the requests that may be retried, 0 to 100
   * @param perSecond retries that are allowed besides, on average over the window
   */
  public RetryBudget(int percent, int perSecond) {
    Ranges.within("percent", percent, 0, 100);
    Ranges.within("perSecond", perSecond, 0, 1_000_000);
    this.percent = percent;
    this.perSecond = perSecond;
  }

  /** 20 % and 3 per second, as in Envoy and about as in Finagle. */
  public RetryBudget() {
    this(20, 3);
  }

  /** Counts a request, not its retries. */
  public void onRequest(long now) {
    add(requests, Math.floorDiv(now, SLOT_NANOS));
  }

  /** Takes a retry from the budget. False if there is none left. */
  public synchronized boolean tryRetry(long now) {
    long slot = Math.floorDiv(now, SLOT_NANOS);
    long allowed = sum(requests, slot) * percent / 100 + (long) perSecond * SLOTS;
    if (sum(retries, slot) >= allowed) {
      return false;
    }
    add(retries, slot);
    return true;
  }

  /** A cell holds the low bits of its slot's number and the count, changed as one. */
  private static void add(AtomicLongArray counts, long slot) {
    int index = Math.floorMod(slot, SLOTS);
    long empty = slot << COUNT_BITS;
    long before;
    long after;
    do {
      before = counts.get(index);
      after = isOf(before, slot) ? before + 1 : empty + 1;
    } while (!counts.compareAndSet(index, before, after));
  }

  private static long sum(AtomicLongArray counts, long latest) {
    long sum = 0;
    for (long slot = latest - SLOTS + 1; slot <= latest; slot++) {
      long cell = counts.get(Math.floorMod(slot, SLOTS));
      sum += isOf(cell, slot) ? cell & COUNT : 0;
    }
    return sum;
  }

  private static boolean isOf(long cell, long slot) {
    return cell >>> COUNT_BITS == (slot & COUNT);
  }
}
