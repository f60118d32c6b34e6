package shop.bench.orders;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import shop.bench.orders.Run.OrderStatistics;

/** The results as text: each run, and the medians by target and loop. */
final class Table {

  /** The target that does the minimum of work. */
  static final String BASELINE = "baseline endpoint";

  /** The target that is one order-service, called directly. */
  static final String SERVICE = "one order-service";

  private static final String FORMAT = "%-18s %-14s %9s %8s %8s %8s %9s %9s %9s %9s %8s %8s%n";

  private Table() {}

  /** One run in one line, printed after the run. */
  static String line(Run run) {
    var load = run.load();
    String text =
        "%s (%s): %.0f accepted/s, POST p50 %.1f p99 %.1f p99.9 %.1f ms, %d not accepted, %d late"
            .formatted(
                run.target(),
                run.loop(),
                load.perSecond(),
                load.millis(50),
                load.millis(99),
                load.millis(99.9),
                load.notAccepted(),
                load.late());
    var statistics = run.statistics();
    return statistics == null
        ? text
        : text
            + ", in the log %d of %d, settled %d, drained in %.1f s"
                .formatted(
                    statistics.inLog(),
                    statistics.orders(),
                    statistics.settled(),
                    statistics.drainSeconds());
  }

  static void print(List<Run> runs, Map<String, Long> memory, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%n" + FORMAT,
        "medians",
        "loop",
        "orders/s",
        "POST p50",
        "p99",
        "p99.9",
        "settled50",
        "settled99",
        "settled",
        "CPU-ms",
        "not 201",
        "late");
    groups(runs).forEach((name, group) -> print(group, out));
    printShares(closed(runs, BASELINE), closed(runs, SERVICE), out);
    out.printf("%nCPU-ms per order, by process:%n");
    groups(runs).forEach((name, group) -> out.printf("  %-34s %s%n", name, byProcess(group)));
    out.printf("%nResident memory, MB:%n");
    memory.forEach((name, megabytes) -> out.printf("  %-28s %6d%n", name, megabytes));
    out.printf("  %-28s %6d%n", "total", memory.values().stream().mapToLong(Long::longValue).sum());
  }

  /** Runs by target and loop, in chronological order. */
  static Map<String, List<Run>> groups(List<Run> runs) {
    var groups = new LinkedHashMap<String, List<Run>>();
    for (var run : runs) {
      groups.computeIfAbsent(run.target() + ", " + run.loop(), _ -> new ArrayList<>()).add(run);
    }
    return groups;
  }

  /** Orders per second in the closed loops of a target, in chronological order. */
  private static List<Double> closed(List<Run> runs, String target) {
    return runs.stream()
        .filter(run -> run.target().equals(target) && run.loop().startsWith("closed"))
        .map(run -> run.load().perSecond())
        .toList();
  }

  /** The median of a target's closed loops in orders per second. */
  static double median(List<Run> runs, String target) {
    return Run.median(closed(runs, target).stream().mapToDouble(Double::doubleValue));
  }

  /**
   * Compares the runs pair by pair, because the machine's speed hardly changes between consecutive
   * runs.
   */
  private static void printShares(List<Double> baseline, List<Double> service, PrintStream out) {
    if (baseline.isEmpty() || service.size() != baseline.size()) {
      return;
    }
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < baseline.size(); i++) {
      shares.add(100 * service.get(i) / baseline.get(i));
    }
    out.printf(
        Locale.ROOT,
        "%nOne order-service accepts %.0f %% of the baseline endpoint's orders/s (median of the pairs of runs: %s %%).%n",
        Run.median(shares.stream().mapToDouble(Double::doubleValue)),
        shares.stream()
            .map(share -> String.format(Locale.ROOT, "%.0f", share))
            .collect(Collectors.joining(", ")));
  }

  private static void print(List<Run> group, PrintStream out) {
    var first = group.getFirst();
    boolean paid = group.stream().anyMatch(Table::isPaid);
    out.printf(
        Locale.ROOT,
        FORMAT,
        first.target(),
        first.loop(),
        number(group, "%.0f", run -> run.load().perSecond()),
        number(group, "%.1f", run -> run.load().millis(50)),
        number(group, "%.1f", run -> run.load().millis(99)),
        number(group, "%.1f", run -> run.load().millis(99.9)),
        paid ? number(group, "%.0f", run -> settled(run, 0.50)) : "–",
        paid ? number(group, "%.0f", run -> settled(run, 0.99)) : "–",
        paid ? number(group, "%.2f %%", Table::settledShare) : "–",
        number(group, "%.2f", Run::cpuPerOrder),
        Long.toString(group.stream().mapToLong(run -> run.load().notAccepted()).sum()),
        Long.toString(group.stream().mapToLong(run -> run.load().late()).sum()));
  }

  private static String byProcess(List<Run> group) {
    return Plots.middle(group).cpuByProcess().entrySet().stream()
        .filter(process -> process.getValue() >= 0.005)
        .map(process -> String.format(Locale.ROOT, "%s %.2f", process.getKey(), process.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static boolean isPaid(Run run) {
    return run.target().equals("platform");
  }

  private static double settled(Run run, double share) {
    var statistics = run.statistics();
    return statistics == null
        ? Double.NaN
        : OrderStatistics.percentile(statistics.millisToSettled(), share);
  }

  private static double settledShare(Run run) {
    var statistics = run.statistics();
    return statistics == null ? Double.NaN : 100 * statistics.settledShare();
  }

  private static String number(List<Run> group, String format, ToDoubleFunction<Run> figure) {
    return String.format(Locale.ROOT, format, Run.median(group.stream().mapToDouble(figure)));
  }
}
