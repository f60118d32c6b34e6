package shop.gateway.limits;

/**
 * Whether a request may pass.
 *
 * @param remaining requests that could pass right after it
 * @param resetMicros until the whole quota is available again, if nothing more is sent
 * @param waitMicros of an allowed request: how long it is to be delayed; of a refused one: until
 *     one could pass
 */
record Decision(boolean allowed, long remaining, long resetMicros, long waitMicros) {

  /** Whole seconds, rounded up. */
  long resetSeconds() {
    return seconds(resetMicros);
  }

  /** Whole seconds until a request could pass, rounded up, at least 1. */
  long retryAfterSeconds() {
    return Math.max(1, seconds(waitMicros));
  }

  private static long seconds(long micros) {
    return Math.ceilDiv(micros, 1_000_000L);
  }
}
