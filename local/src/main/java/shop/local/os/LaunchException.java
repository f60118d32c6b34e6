package shop.local.os;

import org.jspecify.annotations.Nullable;

/**
 * An error that the launcher shows to the user by its message alone, without a stack trace. The
 * message says what failed and, where there is one, the remedy.
 */
public final class LaunchException extends RuntimeException {
  public LaunchException(String message) {
    super(message);
  }

  public LaunchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
