package shop.order.redis;

import org.jspecify.annotations.Nullable;

/**
 * Redis is unreachable, too slow, full, or not open; the command may or may not have been executed
 * there.
 */
public final class RedisUnavailable extends RuntimeException {

  private static final String FULL = "OOM command not allowed";

  RedisUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** What follows from an error reply of Redis. */
  static RedisUnavailable from(String reply, @Nullable Throwable cause) {
    return new RedisUnavailable(explain(reply), cause);
  }

  private static String explain(String reply) {
    return reply.contains(FULL)
        ? "Redis is full and rejects writes until it has more memory (maxmemory); no order is lost:"
            + " "
            + FULL
        : "The Redis command failed: " + reply;
  }

  /** True if a failure, or one of its causes, says that Redis rejects writes because it is full. */
  public static boolean isFull(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(FULL)) {
        return true;
      }
    }
    return false;
  }
}
