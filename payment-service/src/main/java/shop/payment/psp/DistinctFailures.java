package shop.payment.psp;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * The distinct orders whose calls of one kind have failed since such a call last succeeded. Many of
 * them in a row mean that the PSP is at fault; with few, the orders may be at fault themselves.
 */
final class DistinctFailures {

  private final int threshold;
  private final Set<UUID> orders = new HashSet<>();

  DistinctFailures(int threshold) {
    this.threshold = threshold;
  }

  synchronized void reset() {
    orders.clear();
  }

  /**
   * Adds a failure.
   *
   * @return true if the threshold is reached
   */
  synchronized boolean add(UUID orderId) {
    if (orders.size() < threshold) {
      orders.add(orderId);
    }
    return orders.size() >= threshold;
  }
}
