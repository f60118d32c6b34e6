package shop.e2e.faults;

import java.util.Map;

/**
 * Shorter values for every timeout that a fault has to exceed; their order relations are unchanged.
 */
final class ShortTimeouts {

  /** How long the sandbox keeps an idempotency key. */
  static final int KEY_LIFE_SECONDS = 8;

  /** {@code max.poll.interval.ms} in seconds. */
  static final int POLL_SECONDS = 6;

  private static final String BREAKER = "RESILIENCE4J_CIRCUITBREAKER_INSTANCES_PSP_";

  private static final Map<String, String> CONSUMER =
      Map.of(
          "SPRING_KAFKA_CONSUMER_PROPERTIES_SESSION_TIMEOUT_MS",
          "6000",
          "SPRING_KAFKA_CONSUMER_PROPERTIES_MAX_POLL_INTERVAL_MS",
          POLL_SECONDS + "000");

  static final Map<String, Map<String, String>> ENVIRONMENT =
      Map.of(
          "order-service",
          Map.ofEntries(
              Map.entry("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:29095"),
              Map.entry("ORDER_DEADLINE", "4s"),
              Map.entry("ORDER_LEASE", "5s"),
              Map.entry("ORDER_HOLD", "7s"),
              Map.entry("ORDER_MAX_CLOCK_SKEW", "500ms"),
              Map.entry("SHOP_PLACEMENT_ABANDONEDCHECKINTERVAL", "1s"),
              Map.entry("ORDER_HOT", "10s"),
              Map.entry("ORDER_RECONCILE_AFTER", "5s"),
              Map.entry("ORDER_RECONCILE_EVERY", "2s"),
              Map.entry("SPRING_KAFKA_PRODUCER_PROPERTIES_DELIVERY_TIMEOUT_MS", "3000"),
              Map.entry("SPRING_KAFKA_PRODUCER_PROPERTIES_REQUEST_TIMEOUT_MS", "1500")),
          "payment-service",
          with(
              Map.ofEntries(
                  Map.entry("SHOP_PSP_READTIMEOUT", "2s"),
                  Map.entry("SHOP_PSP_COMPLETIONGRACE", "1s"),
                  Map.entry("SHOP_PAYMENT_MAXATTEMPTS", "4"),
                  Map.entry("SHOP_PAYMENT_FIRSTBACKOFF", "200ms"),
                  Map.entry("SHOP_PAYMENT_MAXBACKOFF", "2s"),
                  Map.entry("SHOP_PAYMENT_DRAINTIMEOUT", "2s"),
                  Map.entry("SHOP_BOOKS_MINAGE", "5s"),
                  Map.entry(BREAKER + "SLIDINGWINDOWSIZE", "10"),
                  Map.entry(BREAKER + "MINIMUMNUMBEROFCALLS", "4"),
                  Map.entry(BREAKER + "WAITDURATIONINOPENSTATE", "1s"))),
          "payment-sandbox",
          Map.of("SANDBOX_KEY_LIFE", KEY_LIFE_SECONDS + "s"),
          "notification-service",
          with(
              Map.of(
                  "SHOP_NOTIFICATION_QUEUE_RETRYDELAYS", "200ms, 1s",
                  "SHOP_NOTIFICATION_QUEUE_MAXATTEMPTS", "3",
                  "SHOP_NOTIFICATION_QUEUE_CONFIRMTIMEOUT", "3s",
                  "SHOP_NOTIFICATION_BACKOFF_MAXINTERVAL", "2s")),
          "gateway",
          Map.of("RESPONSE_TIMEOUT", "15s"));

  private ShortTimeouts() {}

  private static Map<String, String> with(Map<String, String> own) {
    var all = new java.util.HashMap<>(CONSUMER);
    all.putAll(own);
    return Map.copyOf(all);
  }
}
