package shop.bench.orders;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One run and its results.
 *
 * @param target the service or endpoint under load
 * @param loop closed or open, with its connections or rate
 * @param load the load tool's result
 * @param start start in seconds since the epoch
 * @param cpuMillis CPU milliseconds by process, from the start until the orders were settled (or in
 *     the log, if payments are suspended)
 * @param statistics the accepted orders according to the log; null for the baseline endpoint
 */
record Run(
    String target,
    String loop,
    Load load,
    long start,
    SortedMap<String, Long> cpuMillis,
    @Nullable OrderStatistics statistics) {

  /**
   * Statistics of the accepted orders in the log.
   *
   * @param orders their number
   * @param inLog how many are in the log
   * @param settled how many are settled
   * @param exactlyOnce how many have exactly one placed and one settling event
   * @param millisToPlaced sorted, of those in the log
   * @param millisToSettled sorted, of the settled ones
   * @param drainSeconds from the end of the load until all were settled or the timeout expired
   */
  @SuppressWarnings("ArrayRecordComponent") // sorted at creation, never compared
  record OrderStatistics(
      int orders,
      int inLog,
      int settled,
      int exactlyOnce,
      long[] millisToPlaced,
      long[] millisToSettled,
      double drainSeconds) {

    static OrderStatistics of(Iterable<OrderLog.ObservedOrder> observed, double drainSeconds) {
      int orders = 0;
      int inLog = 0;
      int settled = 0;
      int exactlyOnce = 0;
      var toPlaced = LongStream.builder();
      var toSettled = LongStream.builder();
      for (var order : observed) {
        orders++;
        if (order.isInLog()) {
          inLog++;
          toPlaced.add(order.millisToPlaced());
        }
        if (order.isSettled()) {
          settled++;
          toSettled.add(order.millisToSettled());
        }
        if (order.isExactlyOnce()) {
          exactlyOnce++;
        }
      }
      return new OrderStatistics(
          orders,
          inLog,
          settled,
          exactlyOnce,
          toPlaced.build().sorted().toArray(),
          toSettled.build().sorted().toArray(),
          drainSeconds);
    }

    static double percentile(long[] sorted, double share) {
      return sorted.length == 0
          ? Double.NaN
          : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    double settledShare() {
      return orders == 0 ? 1 : (double) settled / orders;
    }
  }

  double cpuPerOrder() {
    return perOrder(cpuMillis.values().stream().mapToLong(Long::longValue).sum());
  }

  double perOrder(long millis) {
    return load.accepted().isEmpty() ? Double.NaN : (double) millis / load.accepted().size();
  }

  /** The median. */
  static double median(DoubleStream figures) {
    double[] sorted = figures.sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** CPU milliseconds per order by process, highest first. */
  Map<String, Double> cpuByProcess() {
    var all = new LinkedHashMap<String, Double>();
    cpuMillis.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(entry -> all.put(entry.getKey(), perOrder(entry.getValue())));
    return all;
  }
}
