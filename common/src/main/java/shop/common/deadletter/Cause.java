package shop.common.deadletter;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Why a message was sent to the dead letters.
 *
 * @param exception class name of the root cause
 * @param message its message, at most 500 characters
 * @param place where it was thrown, as class.method:line; the first frame of a service's own code,
 *     if there is one
 * @param attempts how often processing was attempted, at least 1
 */
public record Cause(String exception, String message, String place, int attempts) {

  private static final int MAX_MESSAGE_LENGTH = 500;

  /** The cause of a failure after a number of attempts. */
  public static Cause of(Throwable failure, int attempts) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    @Nullable String message = root.getMessage();
    return new Cause(
        root.getClass().getName(),
        message == null ? "" : message.substring(0, Math.min(MAX_MESSAGE_LENGTH, message.length())),
        place(root.getStackTrace()),
        attempts);
  }

  private static String place(StackTraceElement[] trace) {
    return Arrays.stream(trace)
        .filter(frame -> frame.getClassName().startsWith("shop."))
        .filter(frame -> !frame.getClassName().startsWith("shop.common."))
        .findFirst()
        .or(() -> Arrays.stream(trace).findFirst())
        .map(frame ->
            frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber())
        .orElse("unknown");
  }
}
