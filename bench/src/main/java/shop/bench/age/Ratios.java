package shop.bench.age;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shop.bench.platform.Figures;

/**
 * The values of both platforms, and what the old one has more of. Each ratio is the median of those
 * of the turns, in which both platforms were measured one after the other.
 *
 * @param young the values of each turn
 * @param old the same of the old platform
 */
record Ratios(List<Map<Figure, Double>> young, List<Map<Figure, Double>> old) {

  private static final double COLD_GOAL = 3;

  /** The median of a figure's ratios; NaN if it was not measured. */
  double of(Figure figure) {
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < Math.min(young.size(), old.size()); i++) {
      Double before = young.get(i).get(figure);
      Double after = old.get(i).get(figure);
      if (before != null && after != null) {
        ratios.add(figure.ratio(before, after));
      }
    }
    return median(ratios);
  }

  /** Prints a line for each figure. */
  void print(PrintStream out) {
    out.println(Figures.text("%-42s %10s %10s %8s %6s", "", "young", "old", "ratio", "goal"));
    for (var figure : figures()) {
      double ratio = of(figure);
      out.println(
          Figures.text(
              "%-42s %10.2f %10.2f %8.2f %s",
              figure.name() + ", " + figure.unit(),
              median(values(young, figure)),
              median(values(old, figure)),
              ratio,
              verdict(ratio, figure.goal())));
    }
    printColdToHot("young", young, out);
    printColdToHot("old", old, out);
  }

  private static void printColdToHot(
      String name, List<Map<Figure, Double>> turns, PrintStream out) {
    double ratio = median(turns.stream().map(Turn::coldToHot).toList());
    out.println(
        Figures.text(
            "%-42s %30.2f %s",
            "GET of a cold order to a hot one, " + name, ratio, verdict(ratio, COLD_GOAL)));
  }

  private Set<Figure> figures() {
    var figures = new LinkedHashSet<Figure>();
    young.forEach(values -> figures.addAll(values.keySet()));
    old.forEach(values -> figures.addAll(values.keySet()));
    return figures;
  }

  private static List<Double> values(List<Map<Figure, Double>> turns, Figure figure) {
    return turns.stream()
        .filter(turn -> turn.containsKey(figure))
        .map(turn -> turn.get(figure))
        .toList();
  }

  private static String verdict(double ratio, double goal) {
    if (Double.isNaN(goal)) {
      return "";
    }
    return Figures.text("%6.2f %s", goal, ratio <= goal ? "" : "missed").stripTrailing();
  }

  private static double median(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
