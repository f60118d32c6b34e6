package shop.payment.psp;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * The orders whose calls of one kind failed since such a call was last answered: many different
 * ones in a row speak against the PSP, a few may be at fault themselves.
 */
final class DistinctFailures {

  private final int many;
  private final Set<UUID> orders = new HashSet<>();

  DistinctFailures(int many) {
    this.many = many;
  }

  synchronized void answered() {
    orders.clear();
  }

  /**
   * One more failure.
   *
   * @return true if too many orders failed for it to be their fault
   */
  synchronized boolean failed(UUID orderId) {
    if (orders.size() < many) {
      orders.add(orderId);
    }
    return orders.size() >= many;
  }
}
