package shop.order.commands;

import org.jspecify.annotations.Nullable;

/**
 * The command may or may not be in the log. Nothing is rolled back; repeating the command is safe.
 */
public final class OutcomeUnknown extends RuntimeException {

  OutcomeUnknown(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
