package shop.order.tracking;

import jakarta.validation.constraints.Positive;
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
 * @param maxStreamsPerCustomer open streams of a customer at this instance; one more is 429
 * @param maxStreamsPerAdmin the same for an admin
 * @param maxStreams open streams of all callers at this instance; one more is 503. Less than the
 *     gateway's connections to an instance, so that streams never take all of them
 */
@Validated
@ConfigurationProperties("shop.tracking")
public record TrackingSettings(
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("10m") Duration maxDuration,
    @DefaultValue("5") @Positive int maxStreamsPerCustomer,
    @DefaultValue("50") @Positive int maxStreamsPerAdmin,
    @DefaultValue("3000") @Positive int maxStreams) {}
