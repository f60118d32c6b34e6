package shop.order;

import org.jspecify.annotations.Nullable;

/**
 * The processor's answer to a command that changed nothing. It has no sequence number and is not on
 * the order's timeline.
 *
 * @param commandId the id of the command
 * @param command its type
 * @param reason a code, the last part of a problem type; null if the command was accepted before
 * @param detail the reason as a sentence
 * @param sequence number of the event that accepted the command before; null if it was rejected
 * @param fingerprint of the request that placed the order, if the command was to place it and the
 *     fingerprint is known; null otherwise
 */
public record CommandAnswer(
    String commandId,
    String command,
    Outcome outcome,
    @Nullable String reason,
    @Nullable String detail,
    @Nullable Long sequence,
    @Nullable String fingerprint) {

  public static final String TYPE = "shop.order.command-answered.v1";

  /** The reason if the command's id belongs to a different request that was accepted before. */
  public static final String OTHER_REQUEST = "idempotency-key-reused";

  /** Why the command changed nothing. */
  public enum Outcome {
    /** The order's state does not allow the command. */
    REJECTED,
    /** A command with the same id was accepted before. */
    REPEATED
  }

  static CommandAnswer rejected(String commandId, String command, String reason, String detail) {
    return new CommandAnswer(commandId, command, Outcome.REJECTED, reason, detail, null, null);
  }

  static CommandAnswer repeated(String commandId, String command, long sequence) {
    return new CommandAnswer(commandId, command, Outcome.REPEATED, null, null, sequence, null);
  }

  /** The same answer, with the fingerprint of the request that placed the order. */
  CommandAnswer withFingerprint(@Nullable String ofOrder) {
    return new CommandAnswer(commandId, command, outcome, reason, detail, sequence, ofOrder);
  }
}
