package shop.order.store;

/** Redis is away or too slow; what was asked may or may not have happened. */
public final class RedisUnavailable extends RuntimeException {

  RedisUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
