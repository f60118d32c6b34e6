package shop.order;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a command that changed nothing. It has no sequence and is on nobody's timeline.
 *
 * @param commandId the command's name
 * @param command its type
 * @param reason the code of why it was rejected; null if it was accepted before
 * @param detail the same for people
 * @param sequence of the event that accepted it before; null if it was rejected
 */
public record CommandAnswer(
    String commandId,
    String command,
    Outcome outcome,
    @Nullable String reason,
    @Nullable String detail,
    @Nullable Long sequence) {

  public static final String TYPE = "shop.order.command-answered.v1";

  /**
   * The header of a command, and of the event or answer that comes of it, by which whoever gave it
   * knows it again: the same command may be given twice at once, with different outcomes.
   */
  public static final String GIVEN = "command_given";

  /** What became of a command. */
  public enum Outcome {
    /** It is illegal as the order stands. */
    REJECTED,
    /** It was accepted before. */
    REPEATED
  }

  static CommandAnswer rejected(String commandId, String command, String reason, String detail) {
    return new CommandAnswer(commandId, command, Outcome.REJECTED, reason, detail, null);
  }

  static CommandAnswer repeated(String commandId, String command, long sequence) {
    return new CommandAnswer(commandId, command, Outcome.REPEATED, null, null, sequence);
  }
}
