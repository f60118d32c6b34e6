package shop.notification.order;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long the consumer of orders pauses while RabbitMQ is away.
 *
 * @param firstPause before the first new attempt; it doubles from there
 * @param longestPause at most, well below Kafka's {@code max.poll.interval.ms}
 */
@Validated
@ConfigurationProperties("shop.notification.outage")
record OutageSettings(
    @DefaultValue("500ms") Duration firstPause, @DefaultValue("10s") Duration longestPause) {}
