package shop.notification.queue;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How deliveries wait on RabbitMQ.
 *
 * @param retryDelays the waits before the second, third … attempt; the last one repeats
 * @param maxAttempts after how many attempts a delivery is given up
 * @param lifetime how long after its event a notice is still worth sending
 * @param maxWaiting how many deliveries a work queue takes before it refuses more; part of the
 *     queue's declaration, so fixed once it exists
 * @param redeliveryLimit how often RabbitMQ gives out a message again whose worker went away; part
 *     of the queue's declaration
 * @param confirmTimeout how long the broker may take to confirm what was published
 * @param sentMemory how many delivered ids each instance remembers to keep duplicates rare
 */
@Validated
@ConfigurationProperties("shop.notification.queue")
record QueueSettings(
    @NotEmpty @DefaultValue({"1s", "5s", "30s", "2m", "10m"}) List<Duration> retryDelays,
    @Min(1) @DefaultValue("20") int maxAttempts,
    @DefaultValue("24h") Duration lifetime,
    @Min(1) @DefaultValue("100000") long maxWaiting,
    @Min(1) @Max(1000) @DefaultValue("20") int redeliveryLimit,
    @DefaultValue("10s") Duration confirmTimeout,
    @Min(1) @DefaultValue("10000") int sentMemory) {

  QueueSettings {
    retryDelays = List.copyOf(retryDelays);
  }

  /** The wait after that many attempts, from 1. */
  Duration delayAfter(int attempts) {
    return retryDelays.get(Math.min(attempts, retryDelays.size()) - 1);
  }
}
