package shop.common.kafka;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Replication of topics, and how long to wait for the brokers at startup.
 *
 * @param replicationFactor replicas of each partition; 3 outside the local profile
 * @param minInsyncReplicas replicas that must have a record before it is acknowledged
 * @param startTimeout how long a starting service waits for the brokers
 */
@Validated
@ConfigurationProperties("shop.kafka")
public record KafkaSettings(
    @Min(1) @Max(9) @DefaultValue("3") int replicationFactor,
    @Min(1) @Max(9) @DefaultValue("2") int minInsyncReplicas,
    @DefaultValue("60s") Duration startTimeout) {}
