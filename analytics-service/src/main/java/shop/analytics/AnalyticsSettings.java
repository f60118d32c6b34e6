package shop.analytics;

import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How figures are counted.
 *
 * @param stateDir where Kafka Streams keeps what belongs to this instance
 * @param commitInterval how often counts are committed; figures are as old as two of these
 * @param sessionTimeout after which a dead instance's partitions move; at most 10 s
 * @param cache how much is collected in memory between commits
 * @param threadReplacements how often a failed thread is replaced within the window
 * @param replacementWindow the time after which a failure is forgotten
 * @param closeTimeout how long a stopping instance finishes its work
 */
@Validated
@ConfigurationProperties("shop.analytics")
public record AnalyticsSettings(
    Path stateDir,
    @DefaultValue("200ms") Duration commitInterval,
    @DefaultValue("10s") Duration sessionTimeout,
    @DefaultValue("4MB") DataSize cache,
    @Min(0) @DefaultValue("3") int threadReplacements,
    @DefaultValue("10m") Duration replacementWindow,
    @DefaultValue("5s") Duration closeTimeout) {

  public AnalyticsSettings {
    if (!commitInterval.isPositive()) {
      throw new IllegalArgumentException("shop.analytics.commit-interval must be above zero");
    }
    if (!sessionTimeout.isPositive() || sessionTimeout.compareTo(Duration.ofSeconds(10)) > 0) {
      throw new IllegalArgumentException(
          "shop.analytics.session-timeout must be above zero and at most 10s");
    }
  }
}
