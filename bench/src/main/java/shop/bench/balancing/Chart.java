package shop.bench.balancing;

import static shop.bench.platform.Figures.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** A chart in SVG, legible on light and dark pages. */
final class Chart {

  private static final int WIDTH = 760;
  private static final int LEFT = 190;
  private static final int RIGHT = 70;
  private static final int TOP = 44;
  private static final int ROW = 26;
  private static final int PLOT_HEIGHT = 260;
  private static final List<String> COLORS =
      List.of("#2563c9", "#d9622b", "#1f8a5b", "#8b4fc4", "#b3860b", "#c43d6b", "#3a8fa3");

  private final StringBuilder body = new StringBuilder();

  private Chart() {}

  /**
   * One horizontal bar per value.
   *
   * @param unit follows each value
   * @param reference where a line is drawn, such as the ideal; 0 for none
   */
  static String bars(
      String title, Map<String, Double> values, String format, String unit, double reference) {
    var chart = new Chart();
    double most =
        Math.max(
            reference, values.values().stream().mapToDouble(Double::doubleValue).max().orElse(1));
    int height = TOP + ROW * values.size();
    double scale = (WIDTH - LEFT - RIGHT - 20) / most;
    int y = TOP;
    for (var value : values.entrySet()) {
      double width = Math.max(1, value.getValue() * scale);
      chart.body.append(
          text(
              "<rect x='%d' y='%d' width='%.1f' height='%d' rx='2' fill='%s'/>%n",
              LEFT, y + 4, width, ROW - 8, COLORS.getFirst()));
      chart.label(LEFT - 8, y + 17, "end", value.getKey());
      chart.label(LEFT + width + 6, y + 17, "start", text(format, value.getValue()) + unit);
      y += ROW;
    }
    if (reference > 0) {
      double x = LEFT + reference * scale;
      chart.line(x, TOP - 4, x, height, "4 3");
    }
    return chart.svg(title, height + 10);
  }

  /**
   * One line per series over the same positions, which are spaced evenly.
   *
   * @param unit of the values
   */
  static String lines(
      String title, List<String> positions, Map<String, List<Double>> series, String unit) {
    var chart = new Chart();
    double most =
        nice(
            series.values().stream()
                .flatMapToDouble(values -> values.stream().mapToDouble(Double::doubleValue))
                .max()
                .orElse(1));
    int bottom = TOP + PLOT_HEIGHT;
    int left = 70;
    int right = WIDTH - 190;
    for (int step = 0; step <= 4; step++) {
      double y = bottom - PLOT_HEIGHT * step / 4.0;
      chart.line(left, y, right, y, "");
      chart.label(left - 8, y + 4, "end", text("%s", trimmed(most * step / 4)) + unit);
    }
    double stride = (double) (right - left) / (positions.size() - 1);
    for (int i = 0; i < positions.size(); i++) {
      chart.label(left + i * stride, bottom + 20, "middle", positions.get(i));
    }
    var ends = new ArrayList<>(series.entrySet());
    for (int i = 0; i < ends.size(); i++) {
      var values = ends.get(i).getValue();
      var points = new ArrayList<String>();
      for (int p = 0; p < values.size(); p++) {
        points.add(
            text("%.1f,%.1f", left + p * stride, bottom - PLOT_HEIGHT * values.get(p) / most));
      }
      String color = COLORS.get(i % COLORS.size());
      chart.body.append(
          text(
              "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>%n",
              String.join(" ", points), color));
      int y = TOP + 14 + 22 * i;
      chart.body.append(
          text(
              "<rect x='%d' y='%d' width='12' height='12' rx='2' fill='%s'/>%n",
              right + 14, y - 10, color));
      chart.label(right + 32, y, "start", ends.get(i).getKey());
    }
    return chart.svg(title, bottom + 32);
  }

  /** The next larger of 1, 2, 4, 5, 8 or 10 times a power of ten. */
  private static double nice(double most) {
    double power = Math.pow(10, Math.floor(Math.log10(most)));
    return DoubleStream.of(1, 2, 4, 5, 8, 10)
        .map(step -> step * power)
        .filter(value -> value >= most)
        .findFirst()
        .orElse(most);
  }

  private static String trimmed(double value) {
    return value == Math.rint(value) ? text("%.0f", value) : text("%s", value);
  }

  private void label(double x, double y, String anchor, String text) {
    body.append(text("<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>%n", x, y, anchor, text));
  }

  private void line(double x1, double y1, double x2, double y2, String dashes) {
    body.append(
        text(
            "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='#8a94a3' stroke-width='1'"
                + " stroke-dasharray='%s'/>%n",
            x1, y1, x2, y2, dashes));
  }

  private String svg(String title, int height) {
    return text(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' height='%d'>%n"
            + "<style>text{font:13px system-ui,sans-serif;fill:#57606a}"
            + ".t{font-size:15px;font-weight:600}"
            + "@media(prefers-color-scheme:dark){text{fill:#b6bec9}}</style>%n"
            + "<text class='t' x='12' y='24'>%s</text>%n%s</svg>%n",
        WIDTH, height, WIDTH, height, title, body);
  }

  /** A table row in Markdown. */
  static String row(String name, List<Double> values, String format) {
    return values.stream()
        .map(value -> text(format, value))
        .collect(Collectors.joining(" | ", "| " + name + " | ", " |"));
  }

  /** A map that keeps the order of its entries. */
  static <T> Map<String, T> ordered() {
    return new LinkedHashMap<>();
  }
}
