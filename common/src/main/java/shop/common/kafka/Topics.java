package shop.common.kafka;

import java.time.Duration;

/** Every topic of the platform. The record of what happened; see docs/architecture.md. */
public final class Topics {

  /** What customers and admins ask for. Key: order id. */
  public static final Topic ORDER_COMMANDS =
      Topic.keptFor(Duration.ofDays(30), "order-commands").stampedByBroker();

  /** Every event of an order, written by the order processor alone. Key: order id. */
  public static final Topic ORDERS = Topic.keptForEver("orders");

  /** What payment-service did. Key: order id. */
  public static final Topic PAYMENTS = Topic.keptForEver("payments");

  /** Products, prices, stock adjustments. Key: sku. */
  public static final Topic CATALOG = Topic.keptForEver("catalog").stampedByBroker();

  /** Registered, password changed, disabled. Key: account id. */
  public static final Topic ACCOUNTS = Topic.keptForEver("accounts");

  /** Killed sessions and accounts, kept longer than a token lives. Key: session or account id. */
  public static final Topic REVOCATIONS = Topic.keptFor(Duration.ofDays(2), "revocations");

  /** What became of each notification. Key: order id. */
  public static final Topic NOTIFICATIONS = Topic.keptFor(Duration.ofDays(90), "notifications");

  /** Sales figures by bucket, the newest of each. Key: bucket. */
  public static final Topic FIGURES = Topic.compacted("figures");

  /** Every message any service gave up on. Key: entry id. */
  public static final Topic DEAD_LETTERS = Topic.keptForEver("dead-letters").holdingOthers();

  /** Who decided what about a dead letter, and what came of it. Key: entry id. */
  public static final Topic DEAD_LETTER_ACTIONS =
      Topic.keptForEver("dead-letter-actions").holdingOthers();

  /** Payments that wait for their next attempt. Key: order id. */
  public static final Topic PAYMENT_RETRIES =
      Topic.keptFor(Duration.ofDays(30), "payment-service.retries").holdingOthers();

  /** Messages sent back to order-service. Key: the original's. */
  public static final Topic ORDER_REDRIVE = redrive("order-service");

  /** Messages sent back to payment-service. Key: the original's. */
  public static final Topic PAYMENT_REDRIVE = redrive("payment-service");

  /** Messages sent back to notification-service. Key: the original's. */
  public static final Topic NOTIFICATION_REDRIVE = redrive("notification-service");

  /** Messages sent back to analytics-service. Key: the original's. */
  public static final Topic ANALYTICS_REDRIVE = redrive("analytics-service");

  private Topics() {}

  private static Topic redrive(String service) {
    return Topic.keptFor(Duration.ofDays(30), redriveTopicOf(service)).holdingOthers();
  }

  /** The topic by which a service takes dead letters back. */
  public static String redriveTopicOf(String service) {
    return service + ".redrive";
  }
}
