package shop.bench.orders;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Plots in SVG. */
final class Plots {

  private static final int WIDTH = 920;
  private static final int LEFT = 76;
  private static final int RIGHT = 36;
  private static final List<String> COLOURS =
      List.of(
          "#2563c9", "#d9622b", "#1f8a5b", "#8b4fc4", "#b3860b", "#c43d6b", "#3a8fa3", "#6b7280",
          "#94a3b8", "#475569", "#0f766e");

  private final StringBuilder svg = new StringBuilder();

  private Plots() {}

  /** Latency on a logarithmic scale by percentile, with a scale that is stretched towards 100 %. */
  static String latency(List<Run> runs) {
    var plot = new Plots();
    int height = 340;
    plot.open(height + 26 * Table.groups(runs).size() + 16);
    double least = 0.1;
    double most = 10;
    for (var run : runs) {
      most = Math.max(most, run.load().millis(99.99));
    }
    double decades = Math.ceil(Math.log10(most) + 1e-9);
    for (double exponent = -1; exponent <= decades; exponent++) {
      double y = plot.y(height, (exponent + 1) / (decades + 1));
      plot.grid(
          y,
          exponent < 0 ? "0.1 ms" : String.format(Locale.ROOT, "%.0f ms", Math.pow(10, exponent)));
    }
    for (double share : new double[] {50, 90, 99, 99.9, 99.99}) {
      plot.tick(
          percentileX(share),
          height,
          String.format(Locale.ROOT, share % 1 == 0 ? "%.0f %%" : "%s %%", share));
    }
    int series = 0;
    for (var group : Table.groups(runs).entrySet()) {
      var run = middle(group.getValue());
      var points = new ArrayList<double[]>();
      new TreeMap<>(run.load().millis())
          .forEach((share, millis) -> {
            double part = (Math.log10(Math.max(least, millis)) + 1) / (decades + 1);
            points.add(new double[] {percentileX(share), plot.y(height, part)});
          });
      plot.line(points, COLOURS.get(series % COLOURS.size()));
      plot.key(height + 26 * series + 14, COLOURS.get(series % COLOURS.size()), group.getKey());
      series++;
    }
    return plot.close();
  }

  /** One bar per run. */
  static String throughput(List<Run> runs) {
    var plot = new Plots();
    plot.open(28 * runs.size() + 8);
    double most = runs.stream().mapToDouble(run -> run.load().perSecond()).max().orElse(1);
    int row = 0;
    for (var run : runs) {
      double width = run.load().perSecond() / most * (WIDTH - 320);
      plot.bar(220, 28 * row + 4, width, COLOURS.getFirst());
      plot.text(212, 28 * row + 19, "end", run.target() + ", " + run.loop());
      plot.text(
          228 + width,
          28 * row + 19,
          "start",
          String.format(Locale.ROOT, "%.0f/s", run.load().perSecond()));
      row++;
    }
    return plot.close();
  }

  /** Placed and settled events per second during the platform's runs. */
  static String overTime(List<Run> runs, Map<Long, Integer> placed, Map<Long, Integer> settled) {
    var platform = runs.stream().filter(run -> run.target().equals("platform")).toList();
    long from = platform.getFirst().start();
    var last = platform.getLast();
    var statistics = last.statistics();
    long to =
        last.start()
            + (long) last.load().duration()
            + (statistics == null ? 0 : (long) statistics.drainSeconds())
            + 2;
    var plot = new Plots();
    int height = 240;
    plot.open(height + 60);
    int most = 1;
    for (long second = from; second <= to; second++) {
      most =
          Math.max(most, Math.max(placed.getOrDefault(second, 0), settled.getOrDefault(second, 0)));
    }
    for (int step = 0; step <= 4; step++) {
      plot.grid(plot.y(height, step / 4.0), Integer.toString(most * step / 4));
    }
    double width = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, to - from);
    for (long second = 0; second <= to - from; second += Math.max(5, (to - from) / 10 / 5 * 5)) {
      plot.tick(LEFT + second * width, height, second + " s");
    }
    plot.series(placed, from, to, most, height, COLOURS.get(0));
    plot.series(settled, from, to, most, height, COLOURS.get(1));
    plot.key(height + 14, COLOURS.get(0), "placed");
    plot.key(height + 36, COLOURS.get(1), "settled");
    return plot.close();
  }

  /** One stacked bar per target and loop. */
  static String cpu(List<Run> runs) {
    Map<String, Map<String, Double>> all = new LinkedHashMap<>();
    Table.groups(runs).forEach((name, group) -> all.put(name, middle(group).cpuByProcess()));
    var names = all.values().stream().flatMap(cpu -> cpu.keySet().stream()).distinct().toList();
    double most =
        all.values().stream()
            .mapToDouble(cpu -> cpu.values().stream().mapToDouble(d -> d).sum())
            .max()
            .orElse(1);
    var plot = new Plots();
    int bars = 34 * all.size();
    plot.open(bars + 22 * names.size() + 16);
    int row = 0;
    for (var entry : all.entrySet()) {
      double x = 260;
      for (var part : entry.getValue().entrySet()) {
        double width = part.getValue() / most * (WIDTH - 360);
        plot.bar(
            x, 34 * row + 4, width, COLOURS.get(names.indexOf(part.getKey()) % COLOURS.size()));
        x += width;
      }
      plot.text(252, 34 * row + 19, "end", entry.getKey());
      plot.text(
          x + 8,
          34 * row + 19,
          "start",
          String.format(
              Locale.ROOT,
              "%.2f ms",
              entry.getValue().values().stream().mapToDouble(d -> d).sum()));
      row++;
    }
    for (int i = 0; i < names.size(); i++) {
      plot.key(bars + 22 * i + 4, COLOURS.get(i % COLOURS.size()), names.get(i));
    }
    return plot.close();
  }

  /** The run with the median throughput. */
  static Run middle(List<Run> group) {
    return group.stream()
        .sorted(Comparator.comparingDouble(run -> run.load().perSecond()))
        .skip(group.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  private static double percentileX(double share) {
    double nines = Math.min(4, -Math.log10(1 - share / 100));
    return LEFT + nines / 4 * (WIDTH - LEFT - RIGHT);
  }

  private double y(int height, double part) {
    return height - 28 - part * (height - 44);
  }

  private void series(
      Map<Long, Integer> perSecond, long from, long to, int most, int height, String colour) {
    var points = new ArrayList<double[]>();
    double width = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, to - from);
    for (long second = from; second <= to; second++) {
      double part = (double) perSecond.getOrDefault(second, 0) / most;
      points.add(new double[] {LEFT + (second - from) * width, y(height, part)});
    }
    line(points, colour);
  }

  private void open(int height) {
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\">"
            .formatted(WIDTH, height));
  }

  private void grid(double y, String label) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#e3e7ed\"/>",
            LEFT,
            y,
            WIDTH - RIGHT,
            y));
    text(LEFT - 6, y + 4, "end", label);
  }

  private void tick(double x, int height, String label) {
    text(x, height - 8, "middle", label);
  }

  private void line(List<double[]> points, String colour) {
    var path = new StringBuilder();
    for (var point : points) {
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", point[0], point[1]));
    }
    svg.append(
        "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"%s\"/>"
            .formatted(colour, path.toString().trim()));
  }

  private void bar(double x, double y, double width, String colour) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"20\" fill=\"%s\"/>",
            x,
            y,
            width,
            colour));
  }

  private void key(double y, String colour, String label) {
    bar(LEFT, y, 14, colour);
    text(LEFT + 22, y + 15, "start", label);
  }

  private void text(double x, double y, String anchor, String label) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
            x,
            y,
            anchor,
            Report.escape(label)));
  }

  private String close() {
    return svg.append("</svg>").toString();
  }
}
