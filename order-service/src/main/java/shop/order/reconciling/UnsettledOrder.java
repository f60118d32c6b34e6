package shop.order.reconciling;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import shop.order.OrderId;
import shop.order.OrderStatus;

/**
 * An order that has been unsettled for too long.
 *
 * @param status its current status
 * @param createdAt when it was placed
 * @param payments the types of the facts that payment-service reported, oldest first; null if
 *     payment-service did not respond
 * @param withheld whether the command that places it is a dead letter, on which an admin must
 *     decide; payment-service knows nothing about such an order
 * @param repaired whether the facts were sent to the processor
 * @param lookedAt when the reconciler examined the order
 */
public record UnsettledOrder(
    OrderId orderId,
    OrderStatus status,
    Instant createdAt,
    @Nullable List<String> payments,
    boolean withheld,
    boolean repaired,
    Instant lookedAt) {}
