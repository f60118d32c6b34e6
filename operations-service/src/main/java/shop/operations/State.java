package shop.operations;

/** Where a dead letter stands. */
public enum State {
  /** Nobody has it in hand: it waits for a decision. */
  FAILED,
  /** It was decided to send it back, and its service has not said what came of it. */
  RETRY_PENDING,
  /** It went through. */
  RESOLVED;

  /** True while it is not settled. */
  public boolean isOpen() {
    return this != RESOLVED;
  }
}
