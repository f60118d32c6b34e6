package shop.balancing;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws an endpoint in proportion to the weights.
 *
 * <p>Source: Envoy's and HAProxy's {@code random}; Vose's alias table. Trade-off: no state, hence
 * no coordination between gateways, but queues are uneven: of n calls to n endpoints the busiest
 * gets about ln n / ln ln n.
 */
public final class RandomChoice implements Balancer {
  private final Endpoint[] endpoints;
  private final AliasTable table;
  private final RandomGenerator random;

  public RandomChoice(Candidates candidates, RandomGenerator random) {
    endpoints = candidates.toArray();
    table = new AliasTable(endpoints);
    this.random = random;
  }

  @Override
  public @Nullable Endpoint pick(Call call) {
    if (endpoints.length == 0) {
      return null;
    }
    return call.tries() == 0
        ? endpoints[table.draw(random)]
        : Untried.draw(endpoints, call, null, random);
  }
}
