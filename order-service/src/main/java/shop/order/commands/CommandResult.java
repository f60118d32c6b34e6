package shop.order.commands;

import shop.order.TimelineEntry;

/** What the processor decided about a command. */
public sealed interface CommandResult {

  /** It is an event of the order now. */
  record Accepted(TimelineEntry event) implements CommandResult {}

  /** It was accepted before, by the event of this number. */
  record Repeated(long sequence) implements CommandResult {}

  /**
   * It is illegal as the order stands.
   *
   * @param reason the code of why
   * @param detail the same for people
   */
  record Rejected(String reason, String detail) implements CommandResult {}
}
