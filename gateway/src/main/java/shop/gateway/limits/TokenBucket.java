package shop.gateway.limits;

import java.util.List;

/**
 * A bucket of {@code burst} tokens, into which one falls every {@code interval}; a request takes
 * one, or is refused. So a client that was quiet may send {@code burst} requests at once.
 *
 * <p>Of a bucket, the time at which it will be full says everything (the virtual scheduling
 * algorithm, ITU-T I.371, annex A): each request moves it by {@code interval}.
 *
 * @param interval microseconds
 */
record TokenBucket(long interval, long burst) implements Meter {

  @Override
  public Step take(State before, long now) {
    long capacity = interval * burst;
    long full = Math.max(now, Math.min(before.at(), now + capacity));
    long next = full + interval;
    if (next - now > capacity) {
      return new Step(
          new Decision(false, 0, full - now, next - now - capacity), new State(full, 0));
    }
    long remaining = (capacity - (next - now)) / interval;
    return new Step(new Decision(true, remaining, next - now, 0), new State(next, 0));
  }

  @Override
  public List<String> arguments() {
    return List.of(Long.toString(interval), Long.toString(burst));
  }
}
