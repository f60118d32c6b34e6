package shop.gateway.accounts;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How many passwords may be worked on.
 *
 * @param concurrency at once; each takes 19 MiB and a core
 * @param queue waiting beside them; more are refused at once
 * @param patience how long one waits for its turn
 */
@Validated
@ConfigurationProperties("shop.passwords")
record HashingSettings(
    @Min(1) @Max(64) @DefaultValue("2") int concurrency,
    @Min(0) @DefaultValue("64") int queue,
    @DefaultValue("3s") Duration patience) {}
