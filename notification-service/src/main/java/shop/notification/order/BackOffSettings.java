package shop.notification.order;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Backoff of the order consumer while RabbitMQ or Kafka is unavailable.
 *
 * @param initialInterval the pause before the first retry; it doubles with each further retry
 * @param maxInterval the longest pause, well below Kafka's {@code max.poll.interval.ms}
 */
@Validated
@ConfigurationProperties("shop.notification.back-off")
record BackOffSettings(
    @DefaultValue("500ms") Duration initialInterval, @DefaultValue("10s") Duration maxInterval) {}
