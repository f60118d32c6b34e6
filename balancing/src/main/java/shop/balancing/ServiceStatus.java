package shop.balancing;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What operators see of a service.
 *
 * @param panic whether health is disregarded in a group of instances
 * @param instances in the order of discovery
 */
public record ServiceStatus(boolean panic, List<InstanceStatus> instances) {

  /**
   * What operators see of an instance.
   *
   * @param since how long it has been in this state of health
   * @param weight with which it is chosen, slow start included; 0 if it gets no new calls
   * @param inFlight requests that have begun and not ended
   * @param responseTime peak EWMA of the time to the response's headers; zero if unknown
   * @param ejections that are not forgotten yet
   * @param ejectedFor how much longer it is ejected, null if it is not
   * @param drainsFor how much longer sticky calls continue, zero if none do any more; null if it is
   *     not draining
   */
  public record InstanceStatus(
      Instance instance,
      Health health,
      Duration since,
      double weight,
      long inFlight,
      Duration responseTime,
      int ejections,
      @Nullable Duration ejectedFor,
      @Nullable Duration drainsFor) {}

  /** The part of the instances that are healthy and not draining, 0 to 1; 0 if there are none. */
  public double healthyShare() {
    return instances.stream()
        .mapToInt(status -> status.health == Health.HEALTHY && status.drainsFor == null ? 1 : 0)
        .average()
        .orElse(0);
  }
}
