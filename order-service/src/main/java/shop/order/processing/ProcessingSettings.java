package shop.order.processing;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the order processor.
 *
 * @param stateDirectory the directory of the state stores, which are copies of the changelog topic
 * @param commitInterval how long an event waits for others in its transaction; a longer interval
 *     costs latency and saves CPU
 * @param threads stream threads, which share the 12 partitions
 * @param standbyReplicas copies of the state on other instances
 * @param sessionTimeout after which the partitions of a killed instance are reassigned; 10 s at
 *     most
 * @param transactionTimeout after which the broker aborts the transaction of a killed instance;
 *     readers of committed records wait for it
 */
@Validated
@ConfigurationProperties("shop.processing")
public record ProcessingSettings(
    Path stateDirectory,
    @DefaultValue("30ms") Duration commitInterval,
    @Min(1) @Max(12) @DefaultValue("1") int threads,
    @Min(0) @Max(3) @DefaultValue("1") int standbyReplicas,
    @DefaultValue("10s") @DurationMin(seconds = 1) @DurationMax(seconds = 10)
        Duration sessionTimeout,
    @DefaultValue("10s") @DurationMin(seconds = 1) Duration transactionTimeout) {}
