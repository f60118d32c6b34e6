package shop.balancing;

import java.util.function.BiPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * P2C: draws two different endpoints, the first in proportion to the weights and the second evenly,
 * and takes the one with fewer calls in flight per weight. The first is kept unless the second,
 * with the call, has no more than the first without it: idle endpoints are thus chosen in
 * proportion to their weights.
 *
 * <p>Source: Mitzenmacher, The Power of Two Choices in Randomized Load Balancing (2001); Envoy's
 * {@code LEAST_REQUEST}, HAProxy's {@code random(2)}. Trade-off: nearly the queues of {@link
 * LeastConnections} at a constant cost, and no herd of gateways; one that fails fast gets up to
 * twice its share.
 */
public final class TwoChoices implements Balancer {
  private final Endpoint[] endpoints;
  private final AliasTable table;
  private final RandomGenerator random;
  private final BiPredicate<Endpoint, Endpoint> secondIsBetter;

  public TwoChoices(Candidates candidates, RandomGenerator random) {
    this(candidates, random, TwoChoices::secondIsLessLoaded);
  }

  /**
   * Two choices by any comparison.
   *
   * @param secondIsBetter whether the second endpoint is to be preferred
   */
  TwoChoices(
      Candidates candidates,
      RandomGenerator random,
      BiPredicate<Endpoint, Endpoint> secondIsBetter) {
    endpoints = candidates.toArray();
    table = new AliasTable(endpoints);
    this.random = random;
    this.secondIsBetter = secondIsBetter;
  }

  @Override
  public @Nullable Endpoint pick(Call call) {
    if (endpoints.length == 0) {
      return null;
    }
    if (call.tries() > 0) {
      return pickUntried(call);
    }
    int first = table.draw(random);
    if (endpoints.length == 1) {
      return endpoints[first];
    }
    int second = random.nextInt(endpoints.length - 1);
    return better(endpoints[first], endpoints[second < first ? second : second + 1]);
  }

  private @Nullable Endpoint pickUntried(Call call) {
    Endpoint first = Untried.draw(endpoints, call, null, random);
    Endpoint second = first == null ? null : Untried.draw(endpoints, call, first, random);
    return first == null || second == null ? first : better(first, second);
  }

  private Endpoint better(Endpoint first, Endpoint second) {
    return secondIsBetter.test(first, second) ? second : first;
  }

  private static boolean secondIsLessLoaded(Endpoint first, Endpoint second) {
    return (second.load().inFlight() + 1) / second.weight()
        <= first.load().inFlight() / first.weight();
  }
}
