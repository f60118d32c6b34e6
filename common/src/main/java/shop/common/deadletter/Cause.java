package shop.common.deadletter;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Why a message was given up.
 *
 * @param exception class name of the root cause
 * @param message what it said, at most 500 characters
 * @param place where in this platform's code it happened: class.method:line
 * @param attempts how often the message was tried, at least 1
 */
public record Cause(String exception, String message, String place, int attempts) {

  private static final int MESSAGE_LENGTH = 500;

  public static Cause of(Throwable failure, int attempts) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    @Nullable String message = root.getMessage();
    return new Cause(
        root.getClass().getName(),
        message == null ? "" : message.substring(0, Math.min(MESSAGE_LENGTH, message.length())),
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
