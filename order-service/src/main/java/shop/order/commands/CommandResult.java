package shop.order.commands;

import shop.order.TimelineEntry;

/** The processor's decision about a command. */
public sealed interface CommandResult {

  /** The command was accepted and caused this event. */
  record Accepted(TimelineEntry event) implements CommandResult {}

  /** A command with the same id was accepted before and caused the event with this number. */
  record Repeated(long sequence) implements CommandResult {}

  /**
   * The order's state does not allow the command.
   *
   * @param reason a code, the last part of a problem type
   * @param detail the reason as a sentence
   */
  record Rejected(String reason, String detail) implements CommandResult {}
}
