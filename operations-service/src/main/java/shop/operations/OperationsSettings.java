package shop.operations;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the desk works.
 *
 * @param decisionTimeout how long a request waits until its action is read back from the log;
 *     longer than a transaction of a crashed service can hold the log up
 * @param readTimeout how long the log may give nothing when bytes are read from it
 * @param redriveRetry the time between attempts to send a decided redrive
 * @param maxRatePerSecond the fastest bulk retry, in entries per second
 * @param maxJobs how many bulk retries an instance runs at once
 */
@Validated
@ConfigurationProperties("shop.operations")
public record OperationsSettings(
    @DefaultValue("12s") Duration decisionTimeout,
    @DefaultValue("5s") Duration readTimeout,
    @DefaultValue("1s") Duration redriveRetry,
    @Min(1) @Max(2000) @DefaultValue("1000") int maxRatePerSecond,
    @Min(1) @Max(100) @DefaultValue("4") int maxJobs) {

  public OperationsSettings {
    if (!decisionTimeout.isPositive() || !readTimeout.isPositive() || !redriveRetry.isPositive()) {
      throw new IllegalArgumentException("Times of shop.operations must be above zero");
    }
  }
}
