package shop.gateway.docs;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the OpenAPI document of all APIs is merged.
 *
 * @param cacheTtl how long the merged document is cached
 * @param incompleteCacheTtl how long it is cached if a service is missing
 * @param timeout how long a service may take to return its document
 */
@ConfigurationProperties("shop.docs")
record DocsSettings(
    @DefaultValue("1m") Duration cacheTtl,
    @DefaultValue("5s") Duration incompleteCacheTtl,
    @DefaultValue("3s") Duration timeout) {}
