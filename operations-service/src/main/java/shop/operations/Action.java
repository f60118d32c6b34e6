package shop.operations;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Cause;
import shop.common.deadletter.RedriveOutcome;

/** An admin's decision about a dead letter, or the outcome that its service reported. */
public sealed interface Action {

  /** The event's type; never changes. */
  String type();

  /** The event's type without prefix and version, such as {@code retry-requested}. */
  default String label() {
    return label(type());
  }

  /** An event's type without prefix and version, such as {@code retry-requested}. */
  static String label(String type) {
    return type.substring("shop.dead-letter.".length(), type.length() - ".v1".length());
  }

  /** An admin's decision about one version of an entry. */
  sealed interface Decision extends Action {

    /** The entry's version that the admin saw. */
    int version();

    /** The admin's account. */
    UUID by();

    @Nullable String reason();
  }

  /** A decision that redrives the message: its service processes or settles it and reports back. */
  sealed interface RedriveDecision extends Decision {

    /** The number of this redrive of the entry, from 1. */
    int attempt();
  }

  /**
   * The original message is to be redriven.
   *
   * @param job the bulk retry that requested it, if any
   */
  record RetryRequested(
      int version, int attempt, UUID by, @Nullable String reason, @Nullable UUID job)
      implements RedriveDecision {
    public static final String TYPE = "shop.dead-letter.retry-requested.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * The message is to be redriven with another body.
   *
   * @param bodyPosition the record of {@code dead-letter-actions} that holds the new body
   */
  record EditRequested(
      int version, int attempt, UUID by, @Nullable String reason, RecordPosition bodyPosition)
      implements RedriveDecision {
    public static final String TYPE = "shop.dead-letter.edit-requested.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** The entry is to be discarded after its service has settled the message's subject. */
  record DiscardRequested(int version, int attempt, UUID by, String reason)
      implements RedriveDecision {
    public static final String TYPE = "shop.dead-letter.discard-requested.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** The entry is discarded; its message needs no settlement. */
  record Discarded(int version, UUID by, String reason) implements Decision {
    public static final String TYPE = "shop.dead-letter.discarded.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /**
   * A pending entry waits for a decision again, because its service has not reported an outcome. An
   * outcome of the earlier redrive that is reported later still counts if it is a success.
   */
  record Reopened(int version, UUID by, @Nullable String reason) implements Decision {
    public static final String TYPE = "shop.dead-letter.reopened.v1";

    @Override
    public String type() {
      return TYPE;
    }
  }

  /** The outcome of a redrive, as the entry's service reported it. */
  sealed interface ReportedOutcome extends Action {

    int attempt();

    String service();
  }

  /** The service processed or settled the message. */
  record Resolved(int attempt, String service) implements ReportedOutcome {
    @Override
    public String type() {
      return RedriveOutcome.RESOLVED;
    }
  }

  /**
   * The message failed again.
   *
   * @param cause of this failure
   */
  record FailedAgain(int attempt, String service, Cause cause) implements ReportedOutcome {
    @Override
    public String type() {
      return RedriveOutcome.FAILED_AGAIN;
    }
  }
}
