package shop.payment.messaging;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How order events are consumed and retried.
 *
 * @param maxInFlight records processed at once (the bulkhead)
 * @param maxUncommitted records of one partition between its first unfinished and its last polled
 *     record; bounds memory and the records that are read again after a crash
 * @param maxAttempts failed attempts after which a record becomes a dead letter
 * @param firstBackoff after the first failed attempt; doubles with each further one
 * @param maxBackoff the longest delay between attempts
 * @param firstPollInterval before a result that is pending at the PSP is retrieved again; doubles
 *     each time
 * @param maxPollInterval the longest of these intervals; bank debits and refunds may be pending for
 *     days
 * @param outageBackoff between attempts while the PSP or Kafka is unavailable, and before a failed
 *     consumer is recreated; these attempts are not counted
 * @param drainTimeout how long records in flight may take to finish when a partition is revoked or
 *     the service stops
 * @param commitInterval between commits of offsets; records of that time are read again after a
 *     crash
 * @param commitTimeout for one commit of offsets
 * @param logTimeout until a payment event is acknowledged, and until it is read back
 */
@Validated
@ConfigurationProperties("shop.payment")
record ConsumerSettings(
    @Min(1) @Max(10_000) @DefaultValue("256") int maxInFlight,
    @Min(1) @Max(100_000) @DefaultValue("500") int maxUncommitted,
    @Min(1) @Max(100) @DefaultValue("8") int maxAttempts,
    @DefaultValue("1s") Duration firstBackoff,
    @DefaultValue("60s") Duration maxBackoff,
    @DefaultValue("5s") Duration firstPollInterval,
    @DefaultValue("1h") Duration maxPollInterval,
    @DefaultValue("1s") Duration outageBackoff,
    @DefaultValue("5s") Duration drainTimeout,
    @DefaultValue("500ms") Duration commitInterval,
    @DefaultValue("5s") Duration commitTimeout,
    @DefaultValue("10s") Duration logTimeout) {

  ConsumerSettings {
    if (!firstBackoff.isPositive() || maxBackoff.compareTo(firstBackoff) < 0) {
      throw new IllegalArgumentException(
          "shop.payment.first-backoff must be above zero and at most shop.payment.max-backoff.");
    }
    if (!firstPollInterval.isPositive() || maxPollInterval.compareTo(firstPollInterval) < 0) {
      throw new IllegalArgumentException(
          "shop.payment.first-poll-interval must be above zero and at most"
              + " shop.payment.max-poll-interval.");
    }
    if (!outageBackoff.isPositive() || drainTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "shop.payment.outage-backoff must be above zero and shop.payment.drain-timeout not below.");
    }
    if (commitInterval.isNegative()) {
      throw new IllegalArgumentException("shop.payment.commit-interval must not be below zero.");
    }
    if (!commitTimeout.isPositive() || !logTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "shop.payment.commit-timeout and shop.payment.log-timeout must be above zero.");
    }
  }
}
