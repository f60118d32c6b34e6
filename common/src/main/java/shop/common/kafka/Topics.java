package shop.common.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;

/** Every topic of the platform; see docs/architecture.md. */
public final class Topics {

  /** Commands of customers and admins. Key: order id. */
  public static final Topic ORDER_COMMANDS =
      Topic.withRetention(Duration.ofDays(30), "order-commands").withLogAppendTime();

  /** Every event of an order, written by the order processor only. Key: order id. */
  public static final Topic ORDERS = Topic.withUnlimitedRetention("orders");

  /** Payment events, written by payment-service. Key: order id. */
  public static final Topic PAYMENTS = Topic.withUnlimitedRetention("payments");

  /** Products, prices, stock adjustments. Key: sku. */
  public static final Topic CATALOG = Topic.withUnlimitedRetention("catalog").withLogAppendTime();

  /** Account events: registered, password changed, disabled. Key: account id. */
  public static final Topic ACCOUNTS = Topic.withUnlimitedRetention("accounts");

  /**
   * Revoked sessions and accounts, retained longer than a token is valid. Key: session or account
   * id.
   */
  public static final Topic REVOCATIONS = Topic.withRetention(Duration.ofDays(100), "revocations");

  /**
   * What admins have changed of the gateways' settings. Key: {@code service:<name>}, {@code
   * drain:<instance id>} or {@code cache-purge}.
   */
  public static final Topic GATEWAY_SETTINGS = Topic.compacted("gateway-settings");

  /** One record per request of the gateways, for those who watch; at most once. No key. */
  public static final Topic TRAFFIC =
      Topic.withRetention(Duration.ofHours(1), "traffic")
          .with(TopicConfig.RETENTION_BYTES_CONFIG, Integer.toString(32 << 20))
          // Only whole segments are deleted.
          .with(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(8 << 20))
          .with(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Duration.ofMinutes(10).toMillis()));

  /** The delivery result of each notification. Key: order id. */
  public static final Topic NOTIFICATIONS =
      Topic.withRetention(Duration.ofDays(90), "notifications");

  /** The latest sales figures of each bucket. Key: bucket. */
  public static final Topic FIGURES = Topic.compacted("figures");

  /** Every message that a service could not process. Key: entry id. */
  public static final Topic DEAD_LETTERS =
      Topic.withUnlimitedRetention("dead-letters").withLargeMessages();

  /** Decisions about dead letters and the outcomes of redrives. Key: entry id. */
  public static final Topic DEAD_LETTER_ACTIONS =
      Topic.withUnlimitedRetention("dead-letter-actions").withLargeMessages();

  /** Payments that wait for their next attempt. Key: order id. */
  public static final Topic PAYMENT_RETRIES =
      Topic.withRetention(Duration.ofDays(30), "payment-service.retries").withLargeMessages();

  /** Payments and refunds whose result is pending at the PSP, until they are polled again. */
  public static final Topic PAYMENT_PENDING =
      Topic.withRetention(Duration.ofDays(30), "payment-service.pending").withLargeMessages();

  /** How far each pass of the reconciliation has come. Key: the pass's age. */
  public static final Topic PAYMENT_RECONCILIATION =
      Topic.compacted("payment-service.reconciliation");

  /**
   * Dead letters redriven to order-service; the view is rebuilt from them, too, because an edited
   * message is nowhere else. Key: the original key.
   */
  public static final Topic ORDER_REDRIVE =
      Topic.withUnlimitedRetention(redriveTopicOf("order-service")).withLargeMessages();

  /** Dead letters redriven to payment-service. Key: the original key. */
  public static final Topic PAYMENT_REDRIVE = redrive("payment-service");

  /** Dead letters redriven to notification-service. Key: the original key. */
  public static final Topic NOTIFICATION_REDRIVE = redrive("notification-service");

  /** Dead letters redriven to analytics-service. Key: the original key. */
  public static final Topic ANALYTICS_REDRIVE = redrive("analytics-service");

  /** All topics by their name. */
  static final Map<String, Topic> BY_NAME =
      Stream.of(
              ORDER_COMMANDS,
              ORDERS,
              PAYMENTS,
              CATALOG,
              ACCOUNTS,
              REVOCATIONS,
              GATEWAY_SETTINGS,
              TRAFFIC,
              NOTIFICATIONS,
              FIGURES,
              DEAD_LETTERS,
              DEAD_LETTER_ACTIONS,
              PAYMENT_RETRIES,
              PAYMENT_PENDING,
              PAYMENT_RECONCILIATION,
              ORDER_REDRIVE,
              PAYMENT_REDRIVE,
              NOTIFICATION_REDRIVE,
              ANALYTICS_REDRIVE)
          .collect(Collectors.toUnmodifiableMap(Topic::name, topic -> topic));

  private Topics() {}

  private static Topic redrive(String service) {
    return Topic.withRetention(Duration.ofDays(30), redriveTopicOf(service)).withLargeMessages();
  }

  /** The topic that a service reads redriven dead letters from. */
  public static String redriveTopicOf(String service) {
    return service + ".redrive";
  }
}
