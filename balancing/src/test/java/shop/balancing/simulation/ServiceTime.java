package shop.balancing.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** The distribution of the time that an instance works on a call. */
@FunctionalInterface
public interface ServiceTime {
  /** A time in nanoseconds. */
  long next(RandomGenerator random);

  /** Always the same. */
  static ServiceTime fixed(Duration time) {
    long nanos = time.toNanos();
    return random -> nanos;
  }

  /** Exponential, the usual model of calls of different length. */
  static ServiceTime exponential(Duration mean) {
    double nanos = mean.toNanos();
    return random -> (long) (random.nextExponential() * nanos);
  }

  /** The same distribution, stretched. */
  default ServiceTime times(double factor) {
    return random -> (long) (next(random) * factor);
  }
}
