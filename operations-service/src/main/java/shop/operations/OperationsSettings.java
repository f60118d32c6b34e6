package shop.operations;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;
import shop.common.time.TimeLimits;

/**
 * Settings of the dead-letter desk.
 *
 * @param decisionTimeout how long a request waits until its action is read back from the log;
 *     longer than the open transaction of a crashed service can block readers
 * @param transactionTimeout after which the broker aborts the open transaction of a crashed
 *     instance
 * @param readTimeout how long a read of messages from the log may go without a record
 * @param reopenAfter how long after its decision a pending entry may be reopened; longer than a
 *     service needs for a message under normal conditions
 * @param redriveRetry the back-off between attempts to send redrives
 * @param maxRatePerSecond the highest rate of a bulk retry, in entries per second
 * @param maxBulkRetries how many bulk retries an instance runs concurrently
 * @param maxBulkEntries how many entries a bulk retry may match; the instance holds about 150 bytes
 *     of memory for each while it runs
 */
@Validated
@ConfigurationProperties("shop.operations")
public record OperationsSettings(
    @DefaultValue("12s") Duration decisionTimeout,
    @DefaultValue("10s") Duration transactionTimeout,
    @DefaultValue("5s") Duration readTimeout,
    @DefaultValue("15m") Duration reopenAfter,
    @DefaultValue("1s") Duration redriveRetry,
    @Min(1) @Max(2000) @DefaultValue("1000") int maxRatePerSecond,
    @Min(1) @Max(100) @DefaultValue("4") int maxBulkRetries,
    @Min(1) @Max(1_000_000) @DefaultValue("200000") int maxBulkEntries) {

  public OperationsSettings {
    if (!decisionTimeout.isPositive() || !readTimeout.isPositive() || !redriveRetry.isPositive()) {
      throw new IllegalArgumentException("Durations of shop.operations must be positive");
    }
    TimeLimits.requireLonger(
        "shop.operations.decision-timeout",
        decisionTimeout,
        "shop.operations.transaction-timeout",
        transactionTimeout);
    TimeLimits.requireLonger(
        "shop.operations.reopen-after",
        reopenAfter,
        "shop.operations.decision-timeout",
        decisionTimeout);
  }
}
