package shop.operations;

/** The state of a dead letter. */
public enum State {
  /** It waits for a decision. */
  FAILED,
  /** A retry was decided; its service has not reported the outcome yet. */
  RETRY_PENDING,
  /** A discard was decided; its service has not reported the settlement yet. */
  DISCARD_PENDING,
  /** Its service processed the message. */
  RESOLVED,
  /** The message will not be processed; its subject is settled. */
  DISCARDED;

  /** True while a redrive was decided and its service has not reported the outcome. */
  public boolean isPending() {
    return this == RETRY_PENDING || this == DISCARD_PENDING;
  }

  /** True until the message is processed or discarded. */
  public boolean isOpen() {
    return this != RESOLVED && this != DISCARDED;
  }
}
