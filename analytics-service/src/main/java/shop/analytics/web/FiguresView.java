package shop.analytics.web;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import shop.analytics.Figures;
import shop.analytics.Histogram;
import shop.common.money.Money;

/**
 * Figures as returned by the API.
 *
 * @param timeToConfirmed absent if no order was confirmed
 */
record FiguresView(
    long placed,
    long confirmed,
    long failed,
    long cancelled,
    long refunded,
    List<Money> revenue,
    List<Money> refunds,
    Map<String, Long> failures,
    @Nullable Percentiles timeToConfirmed) {

  static FiguresView of(Figures figures) {
    return new FiguresView(
        figures.placed(),
        figures.confirmed(),
        figures.failed(),
        figures.cancelled(),
        figures.refunded(),
        money(figures.revenue()),
        money(figures.refunds()),
        figures.failures(),
        Percentiles.of(figures.timeToConfirmed()));
  }

  private static List<Money> money(Map<String, Long> amounts) {
    return amounts.entrySet().stream()
        .map(entry -> new Money(entry.getValue(), entry.getKey()))
        .toList();
  }

  /** The 50th, 95th and 99th percentile in milliseconds, each within 4.4 %. */
  record Percentiles(long p50Ms, long p95Ms, long p99Ms) {
    static @Nullable Percentiles of(Histogram histogram) {
      return histogram.count() == 0
          ? null
          : new Percentiles(at(histogram, 0.50), at(histogram, 0.95), at(histogram, 0.99));
    }

    private static long at(Histogram histogram, double share) {
      OptionalLong millis = histogram.percentile(share);
      return millis.orElseThrow();
    }
  }
}
