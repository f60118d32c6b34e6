package shop.gateway.limits;

import java.util.List;

/**
 * At most {@code limit} requests in each window, which a key's first request begins: not all
 * clients' windows end together. The simplest one to explain; around the end of a window, twice the
 * limit can pass within a short time.
 *
 * @param period microseconds
 */
record FixedWindow(long period, long limit) implements Meter {

  @Override
  public Step take(State before, long now) {
    boolean over = now >= before.at() + period;
    long start = over ? now : Math.min(before.at(), now);
    long count = over ? 0 : before.count();
    long reset = start + period - now;
    if (count >= limit) {
      return new Step(new Decision(false, 0, reset, reset), new State(start, count));
    }
    return new Step(new Decision(true, limit - count - 1, reset, 0), new State(start, count + 1));
  }

  @Override
  public List<String> arguments() {
    return List.of(Long.toString(period), Long.toString(limit));
  }
}
