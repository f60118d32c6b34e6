package shop.balancing;

/** How long a request is admitted while its service becomes overloaded. */
public enum Priority {
  /** Shed first, such as reports, which nobody waits for. */
  LOW(0.6),
  NORMAL(0.8),
  /** Shed last, such as what earns money. */
  HIGH(1);

  private final double share;

  Priority(double share) {
    this.share = share;
  }

  /**
   * Requests in flight, of all priorities, at which a limit admits none of this one; at least 1.
   */
  int ceiling(int limit) {
    return Math.max(1, (int) (limit * share));
  }
}
