package shop.analytics;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import shop.common.money.Money;

/**
 * What happened to orders in some time. Figures add up in any order: one event's are an increment.
 *
 * @param placed accepted orders
 * @param confirmed orders whose payment was captured
 * @param failed orders whose payment was declined
 * @param cancelled orders that were cancelled before anything was charged
 * @param refunded orders of which the whole total was given back, at once or with the last part
 * @param revenue total of the confirmed orders in minor units by ISO 4217 code
 * @param refunds what was given back, in parts or whole, in minor units by ISO 4217 code
 * @param failures failed orders by reason
 * @param timeToConfirmed from placed to confirmed
 */
public record Figures(
    long placed,
    long confirmed,
    long failed,
    long cancelled,
    long refunded,
    SortedMap<String, Long> revenue,
    SortedMap<String, Long> refunds,
    SortedMap<String, Long> failures,
    Histogram timeToConfirmed) {

  private static final SortedMap<String, Long> NOTHING = Collections.emptySortedMap();

  /** Nothing happened. */
  public static final Figures NONE =
      new Figures(0, 0, 0, 0, 0, NOTHING, NOTHING, NOTHING, Histogram.EMPTY);

  public Figures {
    revenue = Collections.unmodifiableSortedMap(new TreeMap<>(revenue));
    refunds = Collections.unmodifiableSortedMap(new TreeMap<>(refunds));
    failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
  }

  /** Reads figures, also those of the time before cancels and refunds were counted. */
  @JsonCreator
  static Figures read(
      long placed,
      long confirmed,
      long failed,
      @Nullable Long cancelled,
      @Nullable Long refunded,
      SortedMap<String, Long> revenue,
      @Nullable SortedMap<String, Long> refunds,
      SortedMap<String, Long> failures,
      Histogram timeToConfirmed) {
    return new Figures(
        placed,
        confirmed,
        failed,
        requireNonNullElse(cancelled, 0L),
        requireNonNullElse(refunded, 0L),
        revenue,
        requireNonNullElse(refunds, NOTHING),
        failures,
        timeToConfirmed);
  }

  static Figures ofPlaced() {
    return new Figures(1, 0, 0, 0, 0, NOTHING, NOTHING, NOTHING, Histogram.EMPTY);
  }

  static Figures ofConfirmed(Money total, Duration sincePlaced) {
    return new Figures(0, 1, 0, 0, 0, only(total), NOTHING, NOTHING, Histogram.of(sincePlaced));
  }

  static Figures ofFailed(String reason) {
    var failures = new TreeMap<>(Map.of(reason, 1L));
    return new Figures(0, 0, 1, 0, 0, NOTHING, NOTHING, failures, Histogram.EMPTY);
  }

  static Figures ofCancelled() {
    return new Figures(0, 0, 0, 1, 0, NOTHING, NOTHING, NOTHING, Histogram.EMPTY);
  }

  /**
   * @param whole whether nothing is left of the total
   */
  static Figures ofRefund(Money amount, boolean whole) {
    return new Figures(0, 0, 0, 0, whole ? 1 : 0, NOTHING, only(amount), NOTHING, Histogram.EMPTY);
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
        Math.addExact(cancelled, other.cancelled),
        Math.addExact(refunded, other.refunded),
        sum(revenue, other.revenue),
        sum(refunds, other.refunds),
        sum(failures, other.failures),
        timeToConfirmed.plus(other.timeToConfirmed));
  }

  private static SortedMap<String, Long> only(Money money) {
    return new TreeMap<>(Map.of(money.currency(), money.amount()));
  }

  private static SortedMap<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
    var sum = new TreeMap<>(one);
    other.forEach((name, value) -> sum.merge(name, value, Math::addExact));
    return sum;
  }
}
