package shop.order.redis;

import org.jspecify.annotations.Nullable;

/**
 * Redis is unreachable, too slow, or not open; the command may or may not have been executed there.
 */
public final class RedisUnavailable extends RuntimeException {

  RedisUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
