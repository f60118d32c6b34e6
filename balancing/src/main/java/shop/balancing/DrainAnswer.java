package shop.balancing;

/** The answer to an operator who wants to drain an instance. */
public enum DrainAnswer {
  /** The instance drains. */
  DRAINING,
  /** Refused: no other instance would get the calls. */
  LAST_AVAILABLE,
  /** Refused: discovery lists no such instance. */
  UNKNOWN_INSTANCE
}
