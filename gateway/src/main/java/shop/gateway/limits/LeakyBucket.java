package shop.gateway.limits;

import java.util.List;

/**
 * A queue that requests leave one every {@code interval}, the first at once; up to {@code queue}
 * wait, a further one is refused. It smooths what reaches the services: requests of one key are
 * passed on evenly, however they arrive. (As a meter, which refuses instead of delaying, a leaky
 * bucket decides the same as {@link TokenBucket}.)
 *
 * <p>Remembered is when the next request may leave; the queue itself is in no one's memory. A
 * request whose client gives up keeps its place.
 *
 * @param interval microseconds
 */
record LeakyBucket(long interval, long queue) implements Meter {

  @Override
  public Step take(State before, long now) {
    long longest = interval * queue;
    long slot = Math.max(now, Math.min(before.at(), now + longest + interval));
    long delay = slot - now;
    if (delay > longest) {
      return new Step(new Decision(false, 0, delay, delay - longest), new State(slot, 0));
    }
    long remaining = (longest - delay) / interval;
    return new Step(
        new Decision(true, remaining, delay + interval, delay), new State(slot + interval, 0));
  }

  @Override
  public List<String> arguments() {
    return List.of(Long.toString(interval), Long.toString(queue));
  }
}
