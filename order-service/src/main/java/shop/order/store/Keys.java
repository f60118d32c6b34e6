package shop.order.store;

import java.util.UUID;
import shop.order.OrderId;
import shop.order.OrderStatus;

/** The names of all that lies in Redis. */
final class Keys {

  /** Hash: topic:partition → the next offset to apply. Lies beside the data, never elsewhere. */
  static final String POSITIONS = "positions";

  /** Sorted set: order id → until when its reservation waits for the order to be in the log. */
  static final String RESERVATION_DEADLINES = "reservations";

  private Keys() {}

  /** Hash: version, status, customer, created, fingerprint, placed, reason. */
  static String order(OrderId id) {
    return "order:" + id;
  }

  /** Sorted set: a customer's order ids by the millisecond of their creation. */
  static String ordersOf(UUID customer) {
    return "orders:" + customer;
  }

  /** The same, of one status. */
  static String ordersOf(UUID customer, OrderStatus status) {
    return "orders:" + customer + ":" + status;
  }

  /** Hash: fingerprint, and owner, lease, command while it runs, or status, body when answered. */
  static String idempotency(OrderId id) {
    return "idempotency:" + id;
  }

  /** Hash: sku → pieces that are set aside for an order. */
  static String reservation(OrderId id) {
    return "reservation:" + id;
  }

  /** Number: pieces that can still be sold. */
  static String stock(String sku) {
    return "stock:" + sku;
  }

  /** Set: ids of the adjustments that the stock already contains. */
  static String adjustments(String sku) {
    return "adjustments:" + sku;
  }
}
