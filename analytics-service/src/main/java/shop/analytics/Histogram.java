package shop.analytics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Durations counted in bins with fixed exponential bounds, so that the histograms of any parts of
 * the data add up to the histogram of the whole. A percentile is at most {@link #RELATIVE_ERROR}
 * off, or one millisecond below 12 ms (DDSketch, Masson and others, VLDB 2019).
 */
public final class Histogram {

  /** The ratio of consecutive bounds: 2^(1/8). */
  private static final double GROWTH = StrictMath.pow(2, 1.0 / 8);

  /** The maximum relative error of a percentile: 4.4 %. */
  public static final double RELATIVE_ERROR = (GROWTH - 1) / (GROWTH + 1);

  /** No durations. */
  public static final Histogram EMPTY = new Histogram(Collections.emptySortedMap());

  /** Upper bounds in milliseconds, from 1 ms to 2^32 ms, which is 49 days. */
  private static final double[] BOUNDS =
      IntStream.rangeClosed(0, 8 * 32).mapToDouble(i -> StrictMath.pow(2, i / 8.0)).toArray();

  private final SortedMap<Integer, Long> counts;

  private Histogram(SortedMap<Integer, Long> counts) {
    this.counts = counts;
  }

  /**
   * The histogram with these counts by the index of their upper bound.
   *
   * @throws IllegalArgumentException if an index is out of range or a count is below 1
   */
  @JsonCreator
  static Histogram of(Map<Integer, Long> counts) {
    counts.forEach((bound, count) -> {
      if (bound < 0 || bound >= BOUNDS.length || count < 1) {
        throw new IllegalArgumentException("Invalid histogram count: " + bound + "=" + count);
      }
    });
    return new Histogram(new TreeMap<>(counts));
  }

  /**
   * The histogram of one duration. A negative one, which is possible between two clocks, counts as
   * zero.
   */
  public static Histogram of(Duration duration) {
    int found = Arrays.binarySearch(BOUNDS, (double) duration.toMillis());
    int bound = Math.min(found < 0 ? -found - 1 : found, BOUNDS.length - 1);
    return new Histogram(new TreeMap<>(Map.of(bound, 1L)));
  }

  /** The sum of both. */
  public Histogram plus(Histogram other) {
    var sum = new TreeMap<>(counts);
    other.counts.forEach((bound, count) -> sum.merge(bound, count, Math::addExact));
    return new Histogram(sum);
  }

  /** The number of durations. */
  public long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The smallest duration in milliseconds that is not exceeded by a given share of all durations;
   * empty if there are none.
   *
   * @param share above 0, at most 1
   */
  public OptionalLong percentile(double share) {
    long rank = (long) Math.ceil(share * count());
    long seen = 0;
    for (var entry : counts.entrySet()) {
      seen += entry.getValue();
      if (seen >= rank) {
        return OptionalLong.of(Math.round(middle(entry.getKey())));
      }
    }
    return OptionalLong.empty();
  }

  /** The value with the same relative distance to both bounds. */
  private static double middle(int bound) {
    return bound == 0 ? BOUNDS[0] : BOUNDS[bound] * 2 / (GROWTH + 1);
  }

  /** Counts by the index of their upper bound. */
  @JsonValue
  SortedMap<Integer, Long> counts() {
    return Collections.unmodifiableSortedMap(counts);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Histogram that && counts.equals(that.counts);
  }

  @Override
  public int hashCode() {
    return counts.hashCode();
  }

  @Override
  public String toString() {
    return "Histogram" + counts;
  }
}
