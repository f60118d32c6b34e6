package shop.operations;

/** Where a dead letter stands. */
public enum State {
  /** Nobody has it in hand: it waits for a decision. */
  FAILED,
  /** It was decided to send it back, and its service has not said what came of it. */
  RETRY_PENDING,
  /** It was decided to discard it, and its service has not said that it is settled. */
  DISCARD_PENDING,
  /** It went through. */
  RESOLVED,
  /** It will never go through; what it was about is settled. */
  DISCARDED;

  /** True while it is not settled. */
  public boolean isOpen() {
    return this != RESOLVED && this != DISCARDED;
  }
}
