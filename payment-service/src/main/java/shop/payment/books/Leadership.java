package shop.payment.books;

/**
 * Selects the instance that reconciles. Two may do so for a moment during a rebalance, which
 * repeats work and does no harm.
 */
@FunctionalInterface
public interface Leadership {

  /** True if this instance reconciles. */
  boolean isLeader();
}
