package shop.balancing;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a service, as discovery reports it.
 *
 * @param id unique within the service and the same after a restart of the gateway
 * @param address base URL: scheme, host and port
 * @param weight share of the calls in relation to the others', 0 to {@value #MAX_WEIGHT}; an
 *     instance of weight 0 gets none
 * @param locality where it runs
 * @param priority 0 is used first; a higher number is a backup
 * @param drainTime how long bound clients may use it from now on, because it is terminating; null
 *     if it is not
 */
public record Instance(
    String id,
    URI address,
    int weight,
    Locality locality,
    int priority,
    @Nullable Duration drainTime) {
  public static final int MAX_WEIGHT = 1000;
  public static final int MAX_PRIORITY = 9;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public Instance {
    if (id.isBlank()) {
      throw new IllegalArgumentException("An instance needs an id");
    }
    if (address.getHost() == null) {
      throw new IllegalArgumentException("'" + address + "' has no host; use http://host:port");
    }
    if (weight < 0 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException(
          "The weight of %s is %d; allowed are 0 to %d".formatted(id, weight, MAX_WEIGHT));
    }
    if (priority < 0 || priority > MAX_PRIORITY) {
      throw new IllegalArgumentException(
          "The priority of %s is %d; allowed are 0 to %d".formatted(id, priority, MAX_PRIORITY));
    }
  }

  /** An instance that is not terminating. */
  public Instance(String id, URI address, int weight, Locality locality, int priority) {
    this(id, address, weight, locality, priority, null);
  }

  /** True if it is being stopped. */
  public boolean isTerminating() {
    return drainTime != null;
  }

  /** An instance of weight 1 that is no backup, at no particular place. */
  public static Instance of(String id, URI address) {
    return new Instance(id, address, 1, Locality.UNKNOWN, 0);
  }
}
