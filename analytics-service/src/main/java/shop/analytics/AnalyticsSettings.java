package shop.analytics;

import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the Kafka Streams application that computes the figures, and of the board that shows
 * them.
 *
 * @param recentMinutes the age up to which figures of minutes are served; those of hours and days
 *     always are
 * @param stateDir the Kafka Streams state directory of this instance
 * @param commitInterval the commit interval of Kafka Streams; figures lag by up to two of these
 * @param sessionTimeout the time after which the partitions of a dead instance are reassigned; at
 *     most 10 s
 * @param cache the record cache in which sums are collected between commits
 * @param threadReplacements how many failed threads are replaced within the window
 * @param replacementWindow the time after which a failure no longer counts
 * @param closeTimeout how long a stopping instance may take to finish its work
 */
@Validated
@ConfigurationProperties("shop.analytics")
public record AnalyticsSettings(
    @DefaultValue("14d") Duration recentMinutes,
    Path stateDir,
    @DefaultValue("200ms") Duration commitInterval,
    @DefaultValue("10s") Duration sessionTimeout,
    @DefaultValue("4MB") DataSize cache,
    @Min(0) @DefaultValue("3") int threadReplacements,
    @DefaultValue("10m") Duration replacementWindow,
    @DefaultValue("5s") Duration closeTimeout) {

  public AnalyticsSettings {
    if (recentMinutes.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException("shop.analytics.recent-minutes must be at least 1d");
    }
    if (!commitInterval.isPositive()) {
      throw new IllegalArgumentException("shop.analytics.commit-interval must be above zero");
    }
    if (!sessionTimeout.isPositive() || sessionTimeout.compareTo(Duration.ofSeconds(10)) > 0) {
      throw new IllegalArgumentException(
          "shop.analytics.session-timeout must be above zero and at most 10s");
    }
  }
}
