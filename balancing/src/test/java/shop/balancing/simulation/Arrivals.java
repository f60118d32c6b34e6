package shop.balancing.simulation;

import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/** Calls that come independently of each other and of the answers (an open system). */
public final class Arrivals {
  private Arrivals() {}

  /**
   * A Poisson process.
   *
   * @param perSecond mean rate
   * @param count how many come
   * @param arrival is given their numbers from 0
   */
  public static void poisson(
      Simulation simulation,
      double perSecond,
      RandomGenerator random,
      int count,
      IntConsumer arrival) {
    double meanGap = Duration.ofSeconds(1).toNanos() / perSecond;
    next(simulation, meanGap, random, 0, count, arrival);
  }

  private static void next(
      Simulation simulation,
      double meanGap,
      RandomGenerator random,
      int number,
      int count,
      IntConsumer arrival) {
    if (number < count) {
      simulation.in(
          (long) (random.nextExponential() * meanGap),
          () -> {
            arrival.accept(number);
            next(simulation, meanGap, random, number + 1, count, arrival);
          });
    }
  }
}
