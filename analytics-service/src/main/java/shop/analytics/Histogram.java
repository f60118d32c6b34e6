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
 * Durations counted between fixed exponential bounds, so that histograms of any parts of the log
 * add up to the histogram of the whole. A percentile is at most {@link #RELATIVE_ERROR} off, or one
 * millisecond below 12 ms (DDSketch, Masson and others, VLDB 2019).
 */
public final class Histogram {

  /** Each bound is this many times the one before: 2^(1/8). */
  private static final double GROWTH = StrictMath.pow(2, 1.0 / 8);

  /** How far a percentile may be from the true one, as a share of it: 4.4 %. */
  public static final double RELATIVE_ERROR = (GROWTH - 1) / (GROWTH + 1);

  /** Nothing counted. */
  public static final Histogram EMPTY = new Histogram(Collections.emptySortedMap());

  /** Upper bounds in milliseconds, from 1 ms to 2^32 ms, which is 49 days. */
  private static final double[] BOUNDS =
      IntStream.rangeClosed(0, 8 * 32).mapToDouble(i -> StrictMath.pow(2, i / 8.0)).toArray();

  private final SortedMap<Integer, Long> counts;

  private Histogram(SortedMap<Integer, Long> counts) {
    this.counts = counts;
  }

  /**
   * The histogram with these counts by the number of their bound.
   *
   * @throws IllegalArgumentException if there is no such bound, or a count is below 1
   */
  @JsonCreator
  static Histogram of(Map<Integer, Long> counts) {
    counts.forEach((bound, count) -> {
      if (bound < 0 || bound >= BOUNDS.length || count < 1) {
        throw new IllegalArgumentException("No count of this histogram: " + bound + "=" + count);
      }
    });
    return new Histogram(new TreeMap<>(counts));
  }

  /** One duration; a negative one, which two clocks can make, counts as none. */
  public static Histogram of(Duration duration) {
    int found = Arrays.binarySearch(BOUNDS, (double) duration.toMillis());
    int bound = Math.min(found < 0 ? -found - 1 : found, BOUNDS.length - 1);
    return new Histogram(new TreeMap<>(Map.of(bound, 1L)));
  }

  /** Both together. */
  public Histogram plus(Histogram other) {
    var sum = new TreeMap<>(counts);
    other.counts.forEach((bound, count) -> sum.merge(bound, count, Math::addExact));
    return new Histogram(sum);
  }

  /** How many durations. */
  public long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The duration in milliseconds that a share of all do not exceed; empty if there are none.
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

  /** The value whose relative distance to both bounds is the same. */
  private static double middle(int bound) {
    return bound == 0 ? BOUNDS[0] : BOUNDS[bound] * 2 / (GROWTH + 1);
  }

  /** Counts by the number of their bound. */
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
