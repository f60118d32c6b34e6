package shop.gateway.docs;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the description of all APIs is put together.
 *
 * @param keep how long it is kept
 * @param keepIncomplete the same while a service is away
 * @param patience how long a service may take to describe itself
 */
@ConfigurationProperties("shop.docs")
record DocsSettings(
    @DefaultValue("1m") Duration keep,
    @DefaultValue("5s") Duration keepIncomplete,
    @DefaultValue("3s") Duration patience) {}
