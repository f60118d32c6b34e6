package shop.gateway.accounts;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits on password hashing.
 *
 * @param concurrency passwords hashed at the same time; each takes 19 MiB and a core
 * @param queue requests that may wait; any further request is rejected at once
 * @param timeout how long a request may wait
 */
@Validated
@ConfigurationProperties("shop.passwords")
record HashingSettings(
    @Min(1) @Max(64) @DefaultValue("2") int concurrency,
    @Min(0) @DefaultValue("64") int queue,
    @DefaultValue("3s") Duration timeout) {}
