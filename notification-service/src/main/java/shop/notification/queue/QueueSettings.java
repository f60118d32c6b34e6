package shop.notification.queue;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;
import shop.common.time.TimeLimits;

/**
 * Queues, retries and confirms of deliveries in RabbitMQ.
 *
 * @param retryDelays the delays before the second, third … attempt; the last one repeats
 * @param maxAttempts the number of attempts after which a delivery becomes a dead letter
 * @param lifetime how long after its event a notice is sent; after that it expires
 * @param maxLength how many messages a work queue holds before it rejects more, which is part of
 *     the queue's declaration and cannot change after the queue exists; and how many tasks may wait
 *     for a retry before no more are queued
 * @param deliveryLimit how often RabbitMQ redelivers an unacknowledged message before it
 *     dead-letters it; part of the queue's declaration
 * @param confirmTimeout how long RabbitMQ may take to confirm published messages
 * @param recentDeliveries how many ids of sent deliveries each instance remembers to detect
 *     duplicates
 */
@Validated
@ConfigurationProperties("shop.notification.queue")
record QueueSettings(
    @NotEmpty @DefaultValue({"1s", "5s", "30s", "2m", "10m"}) List<Duration> retryDelays,
    @Min(1) @DefaultValue("20") int maxAttempts,
    @DefaultValue("24h") Duration lifetime,
    @Min(1) @DefaultValue("100000") long maxLength,
    @Min(1) @Max(1000) @DefaultValue("20") int deliveryLimit,
    @DefaultValue("10s") Duration confirmTimeout,
    @Min(1) @DefaultValue("10000") int recentDeliveries) {

  QueueSettings {
    retryDelays = List.copyOf(retryDelays);
    var all = Duration.ZERO;
    for (int attempts = 1; attempts < maxAttempts && !retryDelays.isEmpty(); attempts++) {
      all = all.plus(delayAfter(retryDelays, attempts));
    }
    TimeLimits.requireLonger(
        "shop.notification.queue.lifetime", lifetime, "the sum of all retry delays", all);
  }

  /** The delay after this number of attempts, from 1. */
  Duration delayAfter(int attempts) {
    return delayAfter(retryDelays, attempts);
  }

  private static Duration delayAfter(List<Duration> delays, int attempts) {
    return delays.get(Math.min(attempts, delays.size()) - 1);
  }
}
