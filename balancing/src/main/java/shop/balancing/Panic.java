package shop.balancing;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Envoy's panic threshold: when too few instances are available, health is disregarded, because the
 * remaining ones would break under the load of all, and the checks may be what is wrong.
 *
 * <p>Silence and failed calls are our own judgement, so instances out for them get calls again. An
 * instance that says itself that it is not ready does not, nor does it count in the share, so that
 * a rolling restart causes no panic (Envoy treats its "immediate health check failure" like this);
 * only when there is no other is it better than nothing. New instances are neither used nor
 * counted: adding many at once must not look like an outage. They are used when nothing is known of
 * any other.
 *
 * @param usable instances in these states get calls
 * @param isPanic whether health is disregarded
 */
record Panic(Set<Health> usable, boolean isPanic) {

  /**
   * Decides for a group of instances.
   *
   * @param counts how many of its instances are in each state, without draining ones
   * @param thresholdPercent panic begins when fewer are available
   */
  static Panic of(Map<Health, Integer> counts, int thresholdPercent) {
    int healthy = counts.getOrDefault(Health.HEALTHY, 0);
    int judged =
        healthy + counts.getOrDefault(Health.SILENT, 0) + counts.getOrDefault(Health.EJECTED, 0);
    if (healthy > 0) {
      return healthy * 100L >= (long) thresholdPercent * judged
          ? new Panic(EnumSet.of(Health.HEALTHY), false)
          : new Panic(EnumSet.of(Health.HEALTHY, Health.SILENT, Health.EJECTED), true);
    }
    if (judged > 0) {
      return new Panic(EnumSet.of(Health.SILENT, Health.EJECTED), true);
    }
    return counts.getOrDefault(Health.NEW, 0) > 0
        ? new Panic(EnumSet.of(Health.NEW), false)
        : new Panic(EnumSet.of(Health.NOT_READY), true);
  }
}
