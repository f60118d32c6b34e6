package shop.order.redis;

import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import shop.order.OrderId;
import shop.order.OrderStatus;

/** The names of all keys in Redis, with what is stored there. */
public final class Keys {

  /**
   * Text: the run of Redis and the epoch that was begun on it; without it, no request may write.
   */
  public static final String EPOCH = "epoch";

  /**
   * Text: the run of Redis and a random part; marks a Redis that waits to be opened, and is lost
   * with all data if Redis is emptied once more.
   */
  public static final String OPENING = "opening";

  /** Set: instances that may have commands in flight to the log. */
  public static final String WRITERS = "writers";

  /**
   * Text: the load of an empty Redis that is under way; it expires with the lease of the loader.
   */
  public static final String LOADER = "loader";

  /**
   * Hash: {@link #position} → the next offset to apply. Always in the database of the data. A Redis
   * without it is empty, or being loaded.
   */
  public static final String POSITIONS = "positions";

  /**
   * Number: milliseconds since 1970. Orders that were placed before it may have left Redis; of
   * those, only the ones that are here count as Redis has them.
   */
  public static final String BOUNDARY = "boundary";

  /**
   * Hash: {@link #position} → how far PostgreSQL was, at least, when orders of that partition left
   * Redis last. A PostgreSQL that is behind it has no say about orders that Redis does not hold.
   */
  public static final String EVICTED = "evicted";

  /** Sorted set: order id → until when its reservation waits for the order to be in the log. */
  public static final String RESERVATION_DEADLINES = "reservations";

  /** Sorted set: ids of the orders that are not settled, by creation time in milliseconds. */
  public static final String UNSETTLED = "unsettled";

  /** Hash: hour since 1970 → idempotency keys that were first used in it; for metrics. */
  public static final String IDEMPOTENCY_KEYS = "idempotency-keys";

  /**
   * Sorted set: ids and SKUs of the adjustments in {@link #adjustments}, by their records' time.
   */
  public static final String ADJUSTMENT_TIMES = "adjustment-times";

  /** Sorted set: all order ids, by creation time in milliseconds. */
  public static final String ALL_ORDERS = "all-orders";

  private static final String CUSTOMER_ORDERS = "orders:";
  private static final String STOCK = "stock:";
  private static final String STATUS = ":";

  /** The keys and prefixes that scripts need, as Lua constants, so that no script repeats them. */
  static final String LUA =
      """
      local EPOCH, CUSTOMER_ORDERS, STOCK, STATUS = '%s', '%s', '%s', '%s'
      """
          .formatted(EPOCH, CUSTOMER_ORDERS, STOCK, STATUS);

  private Keys() {}

  /** The field of a partition in {@link #POSITIONS}. */
  public static String position(TopicPartition partition) {
    return partition.topic() + ":" + partition.partition();
  }

  /**
   * Hash: version, status, customer, created, fingerprint, placed, and fields that events add;
   * withheld instead of placed for an order that is withheld.
   */
  public static String order(OrderId id) {
    return "order:" + id;
  }

  /** Sorted set: a customer's order ids, by creation time in milliseconds. */
  public static String ordersOf(UUID customer) {
    return CUSTOMER_ORDERS + customer;
  }

  /** Sorted set: a customer's order ids of one status, by creation time in milliseconds. */
  public static String ordersOf(UUID customer, OrderStatus status) {
    return CUSTOMER_ORDERS + customer + STATUS + status;
  }

  /** Sorted set: all order ids of one status, by creation time in milliseconds. */
  public static String allOrders(OrderStatus status) {
    return ALL_ORDERS + STATUS + status;
  }

  /** List: the timeline of an order, one entry for each event. */
  public static String timeline(OrderId id) {
    return "timeline:" + id;
  }

  /**
   * Hash: fingerprint; owner, lease and command while the request runs; status and body after it.
   */
  public static String idempotency(OrderId id) {
    return "idempotency:" + id;
  }

  /** Hash: sku → pieces that are reserved for an order. */
  public static String reservation(OrderId id) {
    return reservation(id.toString());
  }

  /** Hash: sku → pieces that are reserved for an order, or for a stock adjustment that removes. */
  public static String reservation(String id) {
    return "reservation:" + id;
  }

  /** Number: pieces that can still be sold. */
  public static String stock(String sku) {
    return STOCK + sku;
  }

  /**
   * Hash: id → delta and fingerprint of the recent adjustments that the stock includes; PostgreSQL
   * has the others.
   */
  public static String adjustments(String sku) {
    return "adjustments:" + sku;
  }
}
