package shop.order;

/**
 * How far an order is.
 *
 * @param version number of its last event; 0 if it has none
 */
public record OrderVersion(OrderId id, long version, OrderStatus status) {}
