package shop.order.tracking;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of open event streams.
 *
 * @param heartbeat interval of the comments that keep a stream alive and detect disconnected
 *     clients
 * @param maxDuration after which a stream is closed; the client resumes it, perhaps at another
 *     instance
 */
@Validated
@ConfigurationProperties("shop.tracking")
public record TrackingSettings(
    @DefaultValue("15s") Duration heartbeat, @DefaultValue("10m") Duration maxDuration) {}
