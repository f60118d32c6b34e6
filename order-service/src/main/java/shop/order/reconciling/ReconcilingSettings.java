package shop.order.reconciling;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When and how often the reconciler examines unsettled orders.
 *
 * @param after how long an order may be unsettled before payment-service is queried about it
 * @param every interval between rounds
 * @param timeout of a query to payment-service
 */
@Validated
@ConfigurationProperties("shop.reconciling")
public record ReconcilingSettings(
    @DefaultValue("60s") Duration after,
    @DefaultValue("10s") Duration every,
    @DefaultValue("3s") Duration timeout) {}
