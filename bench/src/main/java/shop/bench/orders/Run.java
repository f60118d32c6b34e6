package shop.bench.orders;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One run and what came of it.
 *
 * @param target what was called
 * @param loop closed or open, with its connections or rate
 * @param load what the load tool saw
 * @param start second of the epoch in which it began
 * @param cpuMillis CPU milliseconds by process, from its start until its orders were settled (in
 *     the log, where nothing is paid)
 * @param outcome what the log says of the accepted orders; null where there is no such log
 */
record Run(
    String target,
    String loop,
    Load load,
    long start,
    SortedMap<String, Long> cpuMillis,
    @Nullable Outcome outcome) {

  /**
   * The fates of the accepted orders.
   *
   * @param orders how many
   * @param inLog how many the log holds
   * @param settled how many are settled
   * @param once how many have one placed event and one that settles them
   * @param millisToPlaced sorted, of those in the log
   * @param millisToSettled sorted, of the settled ones
   * @param drainSeconds from the end of the load until all were settled, or waiting was given up
   */
  @SuppressWarnings("ArrayRecordComponent") // sorted once, never compared
  record Outcome(
      int orders,
      int inLog,
      int settled,
      int once,
      long[] millisToPlaced,
      long[] millisToSettled,
      double drainSeconds) {

    static Outcome of(Iterable<OrderLog.Fate> fates, double drainSeconds) {
      int orders = 0;
      int inLog = 0;
      int settled = 0;
      int once = 0;
      var toPlaced = LongStream.builder();
      var toSettled = LongStream.builder();
      for (var fate : fates) {
        orders++;
        if (fate.isInLog()) {
          inLog++;
          toPlaced.add(fate.millisToPlaced());
        }
        if (fate.isSettled()) {
          settled++;
          toSettled.add(fate.millisToSettled());
        }
        if (fate.isOnce()) {
          once++;
        }
      }
      return new Outcome(
          orders,
          inLog,
          settled,
          once,
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

  /** The middle one of some figures. */
  static double median(DoubleStream figures) {
    double[] sorted = figures.sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** All processes' CPU by name, most first, in milliseconds an order. */
  Map<String, Double> cpuByProcess() {
    var all = new LinkedHashMap<String, Double>();
    cpuMillis.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(entry -> all.put(entry.getKey(), perOrder(entry.getValue())));
    return all;
  }
}
