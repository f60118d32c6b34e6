package shop.operations;

import java.util.UUID;
import shop.common.deadletter.Cause;

/** What someone decided about a dead letter, or what came of it. */
public sealed interface Action {

  /** Which sending back it is about, from 1. */
  int attempt();

  /**
   * An admin wants it sent back.
   *
   * @param version the entry's version that the admin saw
   * @param by the admin's account
   */
  record RetryRequested(int version, int attempt, UUID by) implements Action {
    public static final String TYPE = "shop.dead-letter.retry-requested.v1";
  }

  /**
   * It went through.
   *
   * @param service who says so
   */
  record Resolved(int attempt, String service) implements Action {}

  /**
   * It failed again.
   *
   * @param service who says so
   * @param cause why, this time
   */
  record FailedAgain(int attempt, String service, Cause cause) implements Action {}
}
