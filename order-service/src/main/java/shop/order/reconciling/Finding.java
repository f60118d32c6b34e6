package shop.order.reconciling;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import shop.order.OrderId;
import shop.order.OrderStatus;

/**
 * An order that has been open too long.
 *
 * @param status where it stands
 * @param createdAt since when
 * @param payments what payment-service says it did, oldest first; null if it did not answer
 * @param repaired whether that was repeated to the processor
 * @param lookedAt when
 */
public record Finding(
    OrderId orderId,
    OrderStatus status,
    Instant createdAt,
    @Nullable List<String> payments,
    boolean repaired,
    Instant lookedAt) {}
