package shop.order.store;

import java.util.UUID;
import shop.order.OrderId;
import shop.order.OrderStatus;

/** The names of all that lies in Redis. */
final class Keys {

  /**
   * Text: the run of Redis and the epoch that was begun on it; while there is none, nobody writes.
   */
  static final String EPOCH = "epoch";

  /** Set: instances that may have orders on their way to the log. */
  static final String WRITERS = "writers";

  /** Hash: topic:partition → the next offset to apply. Lies beside the data, never elsewhere. */
  static final String POSITIONS = "positions";

  /** Sorted set: order id → until when its reservation waits for the order to be in the log. */
  static final String RESERVATION_DEADLINES = "reservations";

  /** Sorted set: ids of the orders that are not settled by the millisecond of their creation. */
  static final String UNSETTLED = "unsettled";

  /** Hash: hour since 1970 → idempotency keys that were first used in it; for metrics. */
  static final String IDEMPOTENCY_KEYS = "idempotency-keys";

  /** Sorted set: all order ids by the millisecond of their creation. */
  static final String ALL_ORDERS = "all-orders";

  private Keys() {}

  /** Hash: version, status, customer, created, fingerprint, placed, and what events add. */
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

  /** All order ids of one status. */
  static String allOrders(OrderStatus status) {
    return ALL_ORDERS + ":" + status;
  }

  /** List: what happened to an order, event by event. */
  static String timeline(OrderId id) {
    return "timeline:" + id;
  }

  /** Hash: fingerprint, and owner, lease, command while it runs, or status, body when answered. */
  static String idempotency(OrderId id) {
    return "idempotency:" + id;
  }

  /** Hash: sku → pieces that are set aside for an order. */
  static String reservation(OrderId id) {
    return reservation(id.toString());
  }

  /** The same, of an order or of a stock adjustment that takes pieces out. */
  static String reservation(String id) {
    return "reservation:" + id;
  }

  /** Number: pieces that can still be sold. */
  static String stock(String sku) {
    return "stock:" + sku;
  }

  /** Hash: id → delta of the adjustments that the stock contains. */
  static String adjustments(String sku) {
    return "adjustments:" + sku;
  }
}
