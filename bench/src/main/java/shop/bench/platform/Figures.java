package shop.bench.platform;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Statistics and formatting of measured values. */
public final class Figures {

  private Figures() {}

  /**
   * The smallest value that the given share of all values does not exceed; NaN if there are none.
   */
  public static double percentile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  /** CPU milliseconds per order by process. */
  public static String cpu(Map<String, Long> before, SortedMap<String, Long> after, long count) {
    return after.entrySet().stream()
        .map(used ->
            text(
                "%s %.2f",
                used.getKey(),
                (double) (used.getValue() - before.getOrDefault(used.getKey(), 0L)) / count))
        .collect(Collectors.joining(", "));
  }

  /** Formats a text independently of the default locale. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  public static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
