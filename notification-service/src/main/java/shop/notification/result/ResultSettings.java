package shop.notification.result;

import jakarta.validation.constraints.AssertTrue;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long results of deliveries are kept.
 *
 * @param retention the age at which a result is deleted
 * @param cleanupInterval the interval of the deletion
 */
@Validated
@ConfigurationProperties("shop.notification.results")
record ResultSettings(
    @DefaultValue("90d") Duration retention, @DefaultValue("10m") Duration cleanupInterval) {

  @AssertTrue(message = "retention and cleanup-interval must be above zero")
  boolean isPositive() {
    return retention.isPositive() && cleanupInterval.isPositive();
  }
}
