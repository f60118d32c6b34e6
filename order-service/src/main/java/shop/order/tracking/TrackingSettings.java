package shop.order.tracking;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How open streams are kept.
 *
 * @param heartbeat how often a stream shows that it lives; a client that has gone is noticed by it
 * @param life after so long at most a stream ends and is resumed, perhaps at another instance
 */
@Validated
@ConfigurationProperties("shop.tracking")
public record TrackingSettings(
    @DefaultValue("15s") Duration heartbeat, @DefaultValue("10m") Duration life) {}
