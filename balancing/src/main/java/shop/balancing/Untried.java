package shop.balancing;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The random choice of a call that is repeated: a scan, since repetitions are rare. */
final class Untried {
  private Untried() {}

  /**
   * Draws one that the call has not tried, in proportion to the weights (a reservoir of one).
   *
   * @param other not to be drawn either
   */
  static @Nullable Endpoint draw(
      Endpoint[] endpoints, Call call, @Nullable Endpoint other, RandomGenerator random) {
    Endpoint drawn = null;
    double sum = 0;
    for (Endpoint endpoint : endpoints) {
      if (endpoint.equals(other) || call.hasTried(endpoint)) {
        continue;
      }
      sum += endpoint.weight();
      if (drawn == null || random.nextDouble() * sum < endpoint.weight()) {
        drawn = endpoint;
      }
    }
    return drawn;
  }
}
