package shop.balancing;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A repeated order of endpoints, in which each has as many turns as its weight says, spread out as
 * by nginx: at each turn every endpoint gains its weight, the richest is chosen and pays the sum.
 * Whoever skips an endpoint uses up that turn as well, so that skipped turns go to all the others.
 */
final class Schedule {
  /** Weights whose turns are more than this are rounded, to at least one turn each. */
  static final int MAX_TURNS = 16_384;

  private final Endpoint[] turns;
  private final AtomicLong next;

  Schedule(Candidates candidates, ToDoubleFunction<Endpoint> weight, long start) {
    Endpoint[] endpoints = candidates.toArray();
    turns = order(endpoints, turnsEach(endpoints, weight));
    next = new AtomicLong(start);
  }

  @Nullable Endpoint next(Call call) {
    for (int i = 0; i < turns.length; i++) {
      Endpoint endpoint = turns[(int) Math.floorMod(next.getAndIncrement(), (long) turns.length)];
      if (!call.hasTried(endpoint)) {
        return endpoint;
      }
    }
    return firstUntried(call); // other threads may have taken the turns of those not tried
  }

  private @Nullable Endpoint firstUntried(Call call) {
    for (Endpoint endpoint : turns) {
      if (!call.hasTried(endpoint)) {
        return endpoint;
      }
    }
    return null;
  }

  private static int[] turnsEach(Endpoint[] endpoints, ToDoubleFunction<Endpoint> weight) {
    double[] weights = Arrays.stream(endpoints).mapToDouble(weight).toArray();
    double sum = Arrays.stream(weights).sum();
    int[] turns = new int[weights.length];
    if (Arrays.stream(weights).allMatch(w -> w == Math.rint(w))) {
      Arrays.setAll(turns, i -> (int) weights[i]);
      divideByGcd(turns);
      if (Arrays.stream(turns).sum() <= MAX_TURNS) {
        return turns;
      }
    }
    Arrays.setAll(turns, i -> (int) Math.max(1, Math.rint(weights[i] / sum * MAX_TURNS)));
    divideByGcd(turns);
    return turns;
  }

  private static void divideByGcd(int[] numbers) {
    int divisor = Arrays.stream(numbers).reduce(0, Schedule::gcd);
    Arrays.setAll(numbers, i -> numbers[i] / divisor);
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private static Endpoint[] order(Endpoint[] endpoints, int[] turnsEach) {
    int sum = Arrays.stream(turnsEach).sum();
    Endpoint[] order = new Endpoint[sum];
    int[] credit = new int[endpoints.length];
    for (int turn = 0; turn < sum; turn++) {
      int richest = 0;
      for (int i = 0; i < credit.length; i++) {
        credit[i] += turnsEach[i];
        if (credit[i] > credit[richest]) {
          richest = i;
        }
      }
      credit[richest] -= sum;
      order[turn] = endpoints[richest];
    }
    return order;
  }
}
