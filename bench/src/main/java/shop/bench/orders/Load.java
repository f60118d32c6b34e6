package shop.bench.orders;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the load tool saw of one run.
 *
 * @param duration seconds of it
 * @param accepted ids of the orders that were answered 201
 * @param statuses answers by status
 * @param failures connections refused, reads failed, requests timed out
 * @param late requests of an open loop that had to wait for a free connection
 * @param millis POST latency by percentile
 */
record Load(
    double duration,
    List<UUID> accepted,
    Map<Integer, Long> statuses,
    long failures,
    long late,
    Map<Double, Double> millis) {

  double perSecond() {
    return accepted.size() / duration;
  }

  /** Requests that were not answered 201. */
  long refused() {
    return failures
        + statuses.entrySet().stream()
            .filter(status -> status.getKey() != 201)
            .mapToLong(Map.Entry::getValue)
            .sum();
  }

  double millis(double percentile) {
    return millis.getOrDefault(percentile, Double.NaN);
  }
}
