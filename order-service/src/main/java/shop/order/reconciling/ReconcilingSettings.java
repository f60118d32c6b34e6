package shop.order.reconciling;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When an order has been open too long.
 *
 * @param after how long an order may be unsettled before payment-service is asked about it
 * @param every how often to look
 * @param patience how long to wait for an answer
 */
@Validated
@ConfigurationProperties("shop.reconciling")
public record ReconcilingSettings(
    @DefaultValue("60s") Duration after,
    @DefaultValue("10s") Duration every,
    @DefaultValue("3s") Duration patience) {}
