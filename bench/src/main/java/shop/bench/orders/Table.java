package shop.bench.orders;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import shop.bench.orders.Run.Outcome;

/** The figures as text: each run, and the medians by target and loop. */
final class Table {

  /** The target that is the limit of the stack. */
  static final String LIMIT = "bare endpoint";

  /** The target that is one order-service, called directly. */
  static final String SERVICE = "one order-service";

  private static final String FORMAT = "%-18s %-14s %9s %8s %8s %8s %9s %9s %9s %9s %8s %8s%n";

  private Table() {}

  /** One run in a sentence, for those who wait. */
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
                load.refused(),
                load.late());
    var outcome = run.outcome();
    return outcome == null
        ? text
        : text
            + ", in the log %d of %d, settled %d, drained in %.1f s"
                .formatted(
                    outcome.inLog(), outcome.orders(), outcome.settled(), outcome.drainSeconds());
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
        "refused",
        "late");
    groups(runs).forEach((name, group) -> print(group, out));
    printShares(closed(runs, LIMIT), closed(runs, SERVICE), out);
    out.printf("%nCPU-ms an order, by process:%n");
    groups(runs).forEach((name, group) -> out.printf("  %-34s %s%n", name, byProcess(group)));
    out.printf("%nResident memory, MB:%n");
    memory.forEach((name, megabytes) -> out.printf("  %-28s %6d%n", name, megabytes));
    out.printf("  %-28s %6d%n", "total", memory.values().stream().mapToLong(Long::longValue).sum());
  }

  /** Runs by target and loop, in the order in which they came. */
  static Map<String, List<Run>> groups(List<Run> runs) {
    var groups = new LinkedHashMap<String, List<Run>>();
    for (var run : runs) {
      groups.computeIfAbsent(run.target() + ", " + run.loop(), _ -> new ArrayList<>()).add(run);
    }
    return groups;
  }

  /** Orders a second in the closed loops of a target, in the order in which they came. */
  private static List<Double> closed(List<Run> runs, String target) {
    return runs.stream()
        .filter(run -> run.target().equals(target) && run.loop().startsWith("closed"))
        .map(run -> run.load().perSecond())
        .toList();
  }

  /** The median of a target's closed loops, orders a second. */
  static double median(List<Run> runs, String target) {
    return Run.median(closed(runs, target).stream().mapToDouble(Double::doubleValue));
  }

  /** Each turn by itself: the machine was the same for both, or nearly. */
  private static void printShares(List<Double> limit, List<Double> service, PrintStream out) {
    if (limit.isEmpty() || service.size() != limit.size()) {
      return;
    }
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < limit.size(); i++) {
      shares.add(100 * service.get(i) / limit.get(i));
    }
    out.printf(
        Locale.ROOT,
        "%nOne order-service bears %.0f %% of the bare endpoint; by turns %s %%.%n",
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
        Long.toString(group.stream().mapToLong(run -> run.load().refused()).sum()),
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
    var outcome = run.outcome();
    return outcome == null ? Double.NaN : Outcome.percentile(outcome.millisToSettled(), share);
  }

  private static double settledShare(Run run) {
    var outcome = run.outcome();
    return outcome == null ? Double.NaN : 100 * outcome.settledShare();
  }

  private static String number(List<Run> group, String format, ToDoubleFunction<Run> figure) {
    return String.format(Locale.ROOT, format, Run.median(group.stream().mapToDouble(figure)));
  }
}
