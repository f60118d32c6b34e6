package shop.balancing;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws two endpoints as {@link TwoChoices} and takes the one with the lower cost per weight, where
 * the cost is the peak EWMA of the response time × (in flight + 1), as {@link Load} keeps it.
 *
 * <p>Source: Finagle's {@code PeakEwma}, Linkerd. Trade-off: the lowest tail when endpoints differ
 * in speed, and the fast ones do more of the work; needs calls of similar length, and a few seconds
 * to trust an endpoint again.
 */
public final class LeastResponseTime implements Balancer {
  private final TwoChoices choices;
  private final LongSupplier ticker;

  public LeastResponseTime(Candidates candidates, RandomGenerator random, LongSupplier ticker) {
    choices = new TwoChoices(candidates, random, this::secondIsFaster);
    this.ticker = ticker;
  }

  @Override
  public @Nullable Endpoint pick(Call call) {
    return choices.pick(call);
  }

  private boolean secondIsFaster(Endpoint first, Endpoint second) {
    long now = ticker.getAsLong();
    return second.load().cost(now) / second.weight() < first.load().cost(now) / first.weight();
  }
}
