package shop.balancing;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives each endpoint turns in proportion to its weight and spreads them out: A A B A C A A for 5,
 * 1 and 1. Begins at a random place, so that rebuilds do not favour the heaviest.
 *
 * <p>Source: nginx's smooth weighted round robin, its order computed once. Trade-off: constant cost
 * and no bursts, but blind to load; weights are rounded where the order would grow too long.
 */
public final class SmoothRoundRobin implements Balancer {
  private final Schedule schedule;

  public SmoothRoundRobin(Candidates candidates, RandomGenerator random) {
    this(candidates, random.nextLong());
  }

  SmoothRoundRobin(Candidates candidates, long start) {
    schedule = new Schedule(candidates, Endpoint::weight, start);
  }

  @Override
  public @Nullable Endpoint pick(Call call) {
    return schedule.next(call);
  }
}
