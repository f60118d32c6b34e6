package shop.payment.messaging;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much of the log of payments is kept in memory. Orders that it covers from their first event
 * on are paid, cancelled and refunded without PostgreSQL.
 *
 * @param horizon events that are older leave memory when PostgreSQL has them
 * @param maxEvents the most events in memory; beyond it the oldest leave, even if PostgreSQL does
 *     not have them yet, and what needs them waits until it has
 * @param clockMargin an order counts as covered only if it was placed this much later than what has
 *     left memory; far more than clocks may differ, because a charge depends on it
 * @param releaseInterval between looks at what PostgreSQL has
 */
@Validated
@ConfigurationProperties("shop.payment.recent")
record RecentSettings(
    @DefaultValue("2h") Duration horizon,
    @Min(1000) @DefaultValue("200000") int maxEvents,
    @DefaultValue("1m") Duration clockMargin,
    @DefaultValue("10s") Duration releaseInterval) {

  /** By how much clocks may differ: docs/clocks.md. */
  private static final Duration MAX_CLOCK_SKEW = Duration.ofSeconds(5);

  RecentSettings {
    if (horizon.isNegative() || !releaseInterval.isPositive()) {
      throw new IllegalArgumentException(
          "shop.payment.recent.horizon must not be below zero and"
              + " shop.payment.recent.release-interval must be above.");
    }
    if (clockMargin.compareTo(MAX_CLOCK_SKEW) <= 0) {
      throw new IllegalArgumentException(
          "shop.payment.recent.clock-margin must be longer than 5s, by which clocks may differ.");
    }
  }
}
