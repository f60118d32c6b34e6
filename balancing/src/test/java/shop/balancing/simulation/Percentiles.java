package shop.balancing.simulation;

import java.util.Arrays;

/** Exact percentiles of recorded numbers. */
public final class Percentiles {
  private long[] values = new long[1024];
  private int count;
  private boolean sorted = true;

  public void add(long value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = value;
    sorted = false;
  }

  public void clear() {
    count = 0;
  }

  public int count() {
    return count;
  }

  /**
   * The smallest recorded value that at least so many percent do not exceed (nearest rank).
   *
   * @param percent above 0, to 100
   * @throws IllegalStateException if nothing was recorded
   */
  public long at(double percent) {
    if (!(percent > 0) || percent > 100) {
      throw new IllegalArgumentException("No percentile " + percent);
    }
    if (count == 0) {
      throw new IllegalStateException("Nothing was recorded");
    }
    if (!sorted) {
      Arrays.sort(values, 0, count);
      sorted = true;
    }
    return values[(int) Math.ceil(percent * count / 100) - 1];
  }

  /** NaN if nothing was recorded. */
  public double mean() {
    return Arrays.stream(values, 0, count).average().orElse(Double.NaN);
  }
}
