package shop.order.archive;

import org.jspecify.annotations.Nullable;
import shop.order.OrderId;
import shop.order.OrderStatus;
import shop.order.OrderSummary;
import shop.order.SerializedOrder;

/**
 * The request that placed an order.
 *
 * @param fingerprint of its body
 * @param status of the order
 * @param command null if the order is withheld, or was cancelled while it was
 * @param withheld the summary that stands for the command then; null otherwise
 */
public record PlacedRequest(
    OrderId id,
    String fingerprint,
    OrderStatus status,
    @Nullable SerializedOrder command,
    @Nullable OrderSummary withheld) {}
