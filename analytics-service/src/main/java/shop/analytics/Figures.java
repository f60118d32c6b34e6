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
 * Counts and amounts of the order events in some period. Addition is associative and commutative;
 * the figures of one event are an increment.
 *
 * @param placed accepted orders
 * @param confirmed orders whose payment was captured
 * @param failed orders whose payment was declined
 * @param cancelled orders that were cancelled before a charge
 * @param refunded orders whose whole total was refunded, counted with the last refund
 * @param revenue total of the confirmed orders in minor units by ISO 4217 code
 * @param refunds total of all full and partial refunds in minor units by ISO 4217 code
 * @param failures failed orders by reason
 * @param timeToConfirmed time from placed to confirmed
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

  private static final SortedMap<String, Long> EMPTY = Collections.emptySortedMap();

  /** No events. */
  public static final Figures NONE =
      new Figures(0, 0, 0, 0, 0, EMPTY, EMPTY, EMPTY, Histogram.EMPTY);

  public Figures {
    revenue = Collections.unmodifiableSortedMap(new TreeMap<>(revenue));
    refunds = Collections.unmodifiableSortedMap(new TreeMap<>(refunds));
    failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
  }

  /** Reads figures, including old ones without the fields for cancellations and refunds. */
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
        requireNonNullElse(refunds, EMPTY),
        failures,
        timeToConfirmed);
  }

  static Figures ofPlaced() {
    return new Figures(1, 0, 0, 0, 0, EMPTY, EMPTY, EMPTY, Histogram.EMPTY);
  }

  static Figures ofConfirmed(Money total, Duration sincePlaced) {
    return new Figures(0, 1, 0, 0, 0, amountOf(total), EMPTY, EMPTY, Histogram.of(sincePlaced));
  }

  static Figures ofFailed(String reason) {
    var failures = new TreeMap<>(Map.of(reason, 1L));
    return new Figures(0, 0, 1, 0, 0, EMPTY, EMPTY, failures, Histogram.EMPTY);
  }

  static Figures ofCancelled() {
    return new Figures(0, 0, 0, 1, 0, EMPTY, EMPTY, EMPTY, Histogram.EMPTY);
  }

  /**
   * @param full whether the whole total is now refunded
   */
  static Figures ofRefund(Money amount, boolean full) {
    return new Figures(0, 0, 0, 0, full ? 1 : 0, EMPTY, amountOf(amount), EMPTY, Histogram.EMPTY);
  }

  /**
   * The sum of both.
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

  private static SortedMap<String, Long> amountOf(Money money) {
    return new TreeMap<>(Map.of(money.currency(), money.amount()));
  }

  private static SortedMap<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
    var sum = new TreeMap<>(one);
    other.forEach((name, value) -> sum.merge(name, value, Math::addExact));
    return sum;
  }
}
