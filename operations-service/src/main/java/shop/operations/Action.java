package shop.operations;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Cause;
import shop.common.deadletter.RedriveOutcome;

/** What someone decided about a dead letter, or what came of it. */
public sealed interface Action {

  /** The event's type, stable for ever. */
  String type();

  /** The same in a word or two, such as {@code retry-requested}. */
  default String what() {
    return type().substring("shop.dead-letter.".length(), type().length() - ".v1".length());
  }

  /** An admin's decision about an entry as they saw it. */
  sealed interface Decision extends Action {

    /** The entry's version that the admin saw. */
    int version();

    /** The admin's account. */
    UUID by();

    @Nullable String reason();
  }

  /** A decision by which something is sent to the entry's service, which says what came of it. */
  sealed interface Sending extends Decision {

    /** Which sending it is, from 1. */
    int attempt();
  }

  /**
   * The original is to be sent back.
   *
   * @param job the bulk retry that it belongs to, if it does
   */
  record RetryRequested(
      int version, int attempt, UUID by, @Nullable String reason, @Nullable UUID job)
      implements Sending {
    public static final String TYPE = "shop.dead-letter.retry-requested.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * It is to be sent back with another body.
   *
   * @param body where on {@code dead-letter-actions} that body is
   */
  record EditRequested(
      int version, int attempt, UUID by, @Nullable String reason, RecordPosition body)
      implements Sending {
    public static final String TYPE = "shop.dead-letter.edit-requested.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** It is to be discarded once its service has settled what it is about. */
  record DiscardRequested(int version, int attempt, UUID by, String reason) implements Sending {
    public static final String TYPE = "shop.dead-letter.discard-requested.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** It is discarded, and nothing is to be settled. */
  record Discarded(int version, UUID by, String reason) implements Decision {
    public static final String TYPE = "shop.dead-letter.discarded.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** What came of a sending, as the entry's service says. */
  sealed interface Outcome extends Action {

    int attempt();

    String service();
  }

  /** It went through. */
  record Resolved(int attempt, String service) implements Outcome {
    @Override
    public String type() {
      return RedriveOutcome.RESOLVED;
    }
  }

  /**
   * It failed again.
   *
   * @param cause why, this time
   */
  record FailedAgain(int attempt, String service, Cause cause) implements Outcome {
    @Override
    public String type() {
      return RedriveOutcome.FAILED_AGAIN;
    }
  }
}
