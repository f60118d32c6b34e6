package shop.order.commands;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The command may or may not be in the log. Nothing is rolled back; repeating the command is safe.
 */
public final class OutcomeUnknown extends RuntimeException {

  private final @Nullable String clockExplanation;

  OutcomeUnknown(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.clockExplanation = null;
  }

  private OutcomeUnknown(Optional<String> clockExplanation) {
    super(
        "The command was appended after its deadline and is ignored"
            + clockExplanation.map(text -> ". " + text).orElse(""));
    this.clockExplanation = clockExplanation.orElse(null);
  }

  /** A command that was appended too late to count, perhaps because clocks differ. */
  static OutcomeUnknown late(Optional<String> clockExplanation) {
    return new OutcomeUnknown(clockExplanation);
  }

  /** A sentence about clocks that differ too much; repeating the command is in vain until then. */
  public Optional<String> clockExplanation() {
    return Optional.ofNullable(clockExplanation);
  }
}
