package shop.balancing;

import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The ways to choose an endpoint, by their names in the configuration. All respect the weights,
 * except that {@link #ROUND_ROBIN} knows only how far slow start has reduced them.
 */
public enum Algorithm {
  ROUND_ROBIN("round-robin", HashSource.NONE),
  WEIGHTED_ROUND_ROBIN("weighted-round-robin", HashSource.NONE),
  LEAST_CONNECTIONS("least-connections", HashSource.NONE),
  P2C("p2c", HashSource.NONE),
  LEAST_RESPONSE_TIME("least-response-time", HashSource.NONE),
  RANDOM("random", HashSource.NONE),
  IP_HASH("ip-hash", HashSource.CLIENT_ADDRESS),
  CONSISTENT_HASH("consistent-hash", HashSource.CONFIGURED_KEY),
  BOUNDED_LOAD("bounded-load", HashSource.CONFIGURED_KEY),
  MAGLEV("maglev", HashSource.CONFIGURED_KEY),
  STICKY("sticky", HashSource.SESSION);

  /** What the hash of a call is made of. */
  public enum HashSource {
    /** The choice does not depend on a hash. */
    NONE,
    CLIENT_ADDRESS,
    /** A header, cookie or parameter that the configuration names. */
    CONFIGURED_KEY,
    /** The session, for calls that are not bound to an instance yet. */
    SESSION
  }

  private final String configured;
  private final HashSource hashSource;

  Algorithm(String configured, HashSource hashSource) {
    this.configured = configured;
    this.hashSource = hashSource;
  }

  /**
   * The algorithm of a name.
   *
   * @throws IllegalArgumentException if there is none; lists the names
   */
  public static Algorithm named(String name) {
    for (Algorithm algorithm : values()) {
      if (algorithm.configured.equals(name)) {
        return algorithm;
      }
    }
    throw new IllegalArgumentException(
        Arrays.stream(values())
            .map(Algorithm::toString)
            .collect(Collectors.joining(", ", "No algorithm '" + name + "'; allowed are ", "")));
  }

  /**
   * A balancer over candidates.
   *
   * @param random must be thread-safe
   * @param ticker the nanoseconds that leases are reported with
   */
  public Balancer balancer(Candidates candidates, RandomGenerator random, LongSupplier ticker) {
    return switch (this) {
      case ROUND_ROBIN -> new RoundRobin(candidates, random);
      case WEIGHTED_ROUND_ROBIN -> new SmoothRoundRobin(candidates, random);
      case LEAST_CONNECTIONS -> new LeastConnections(candidates, random);
      case P2C -> new TwoChoices(candidates, random);
      case LEAST_RESPONSE_TIME -> new LeastResponseTime(candidates, random, ticker);
      case RANDOM -> new RandomChoice(candidates, random);
      case IP_HASH, CONSISTENT_HASH -> new HashRing(candidates);
      case BOUNDED_LOAD -> new BoundedLoad(candidates);
      case MAGLEV -> new MaglevTable(candidates);
      case STICKY -> new Sticky(candidates, new HashRing(candidates));
    };
  }

  /**
   * Whether the choice follows from the call's hash. Whatever else splits the calls then, such as
   * regions, has to split them by the hash as well, or a key would not stay in one place.
   */
  public boolean isKeyed() {
    return hashSource != HashSource.NONE;
  }

  public HashSource hashSource() {
    return hashSource;
  }

  /** The name in the configuration. */
  @Override
  public String toString() {
    return configured;
  }
}
