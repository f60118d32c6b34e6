package shop.analytics;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What happened to orders in some time. Figures add up in any order: one event's are an increment.
 *
 * @param placed accepted orders
 * @param confirmed orders whose payment was captured
 * @param failed orders whose payment was declined
 * @param revenue total of the confirmed orders in minor units by ISO 4217 code
 * @param failures failed orders by reason
 * @param timeToConfirmed from placed to confirmed
 */
public record Figures(
    long placed,
    long confirmed,
    long failed,
    SortedMap<String, Long> revenue,
    SortedMap<String, Long> failures,
    Histogram timeToConfirmed) {

  /** Nothing happened. */
  public static final Figures NONE =
      new Figures(
          0, 0, 0, Collections.emptySortedMap(), Collections.emptySortedMap(), Histogram.EMPTY);

  public Figures {
    revenue = Collections.unmodifiableSortedMap(new TreeMap<>(revenue));
    failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
  }

  /**
   * Both together.
   *
   * @throws ArithmeticException if a sum exceeds 2^63
   */
  public Figures plus(Figures other) {
    return new Figures(
        Math.addExact(placed, other.placed),
        Math.addExact(confirmed, other.confirmed),
        Math.addExact(failed, other.failed),
        sum(revenue, other.revenue),
        sum(failures, other.failures),
        timeToConfirmed.plus(other.timeToConfirmed));
  }

  private static SortedMap<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
    var sum = new TreeMap<>(one);
    other.forEach((name, value) -> sum.merge(name, value, Math::addExact));
    return sum;
  }
}
