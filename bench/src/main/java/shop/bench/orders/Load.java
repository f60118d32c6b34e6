package shop.bench.orders;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The load tool's result of one run.
 *
 * @param duration its seconds
 * @param accepted ids of the orders that were accepted with a 201
 * @param statuses responses by status
 * @param failures connections refused, reads failed, requests timed out
 * @param late requests of an open loop that waited for a free connection
 * @param millis POST latency by percentile
 */
public record Load(
    double duration,
    List<UUID> accepted,
    Map<Integer, Long> statuses,
    long failures,
    long late,
    Map<Double, Double> millis) {

  /** Accepted orders a second. */
  public double perSecond() {
    return accepted.size() / duration;
  }

  /** Requests without a 201. */
  long notAccepted() {
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
