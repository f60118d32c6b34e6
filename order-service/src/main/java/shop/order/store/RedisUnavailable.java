package shop.order.store;

import org.jspecify.annotations.Nullable;

/** Redis is away, too slow, or not open; what was asked may or may not have happened. */
public final class RedisUnavailable extends RuntimeException {

  RedisUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
