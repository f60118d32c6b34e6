package shop.balancing;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives each endpoint the same number of turns; during slow start a new one has fewer. Begins at a
 * random place, so that frequent rebuilds and many gateways do not favour the first.
 *
 * <p>Source: HAProxy's {@code roundrobin}, Envoy's {@code ROUND_ROBIN}, with equal instead of
 * configured weights. Trade-off: the most even counts, but a slow endpoint gets as much as a fast
 * one.
 */
public final class RoundRobin implements Balancer {
  private final Schedule schedule;

  public RoundRobin(Candidates candidates, RandomGenerator random) {
    this(candidates, random.nextLong());
  }

  RoundRobin(Candidates candidates, long start) {
    schedule = new Schedule(candidates, Endpoint::warmth, start);
  }

  @Override
  public @Nullable Endpoint pick(Call call) {
    return schedule.next(call);
  }
}
