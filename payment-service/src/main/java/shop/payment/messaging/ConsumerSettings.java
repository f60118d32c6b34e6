package shop.payment.messaging;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How orders are taken and tried again.
 *
 * @param maxInFlight orders worked on at once (the bulkhead)
 * @param maxUncommitted records of one partition between its committed offset and its newest in
 *     hand; bounds memory and what is read again after a crash
 * @param maxAttempts tries that may fail before an order becomes a dead letter
 * @param firstBackoff after the first failed try; doubles with each
 * @param maxBackoff the longest wait between tries
 * @param pause before the same is tried again while the PSP or Kafka serves nobody, and before a
 *     failed consumer is made anew; nothing is counted then
 * @param drain how long orders in flight may end when a partition moves away or the service stops
 * @param commitInterval the time between commits of offsets: what a crash makes to be read again
 * @param commitTimeout how long one commit of offsets may take
 * @param logTimeout until an event of a payment is acknowledged, and until it is read back
 */
@Validated
@ConfigurationProperties("shop.payment")
record ConsumerSettings(
    @Min(1) @Max(10_000) @DefaultValue("256") int maxInFlight,
    @Min(1) @Max(100_000) @DefaultValue("500") int maxUncommitted,
    @Min(1) @Max(100) @DefaultValue("8") int maxAttempts,
    @DefaultValue("1s") Duration firstBackoff,
    @DefaultValue("60s") Duration maxBackoff,
    @DefaultValue("1s") Duration pause,
    @DefaultValue("5s") Duration drain,
    @DefaultValue("500ms") Duration commitInterval,
    @DefaultValue("5s") Duration commitTimeout,
    @DefaultValue("10s") Duration logTimeout) {

  ConsumerSettings {
    if (!firstBackoff.isPositive() || maxBackoff.compareTo(firstBackoff) < 0) {
      throw new IllegalArgumentException(
          "shop.payment.first-backoff must be above zero and at most shop.payment.max-backoff.");
    }
    if (!pause.isPositive() || drain.isNegative()) {
      throw new IllegalArgumentException(
          "shop.payment.pause must be above zero and shop.payment.drain not below.");
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
