package shop.gateway.limits;

import java.util.List;

/**
 * A rate-limiting algorithm: decides about one request from what it remembers of the key and the
 * time. Each exists twice with the same arithmetic: here, for the time without Redis, and as a Lua
 * script of the same name in {@code resources/limits}, where the time is that of Redis.
 *
 * <p>All times are microseconds since 1970. A time that is remembered may lie further in the future
 * than the algorithm ever puts it: the clock was set back. It is then brought as near as the
 * algorithm would have put it now, so that a key is refused for no longer than without the change.
 */
sealed interface Meter permits TokenBucket, LeakyBucket, FixedWindow {

  /**
   * What is remembered of a key.
   *
   * @param at a time, of which each algorithm says the meaning; 0 if nothing is remembered
   * @param count of requests; 0 if the algorithm does not count
   */
  record State(long at, long count) {
    static final State NONE = new State(0, 0);
  }

  /** A decision and what is then to be remembered. */
  record Step(Decision decision, State after) {}

  /** Decides about one request. */
  Step take(State before, long now);

  /** The arguments of the Lua script. */
  List<String> arguments();
}
