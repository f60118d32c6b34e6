package shop.e2e.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import shop.e2e.ApiClient;
import shop.e2e.Ledger;
import shop.e2e.faults.ClientHistory.RequestResult;
import shop.local.mail.Mail;
import tools.jackson.databind.JsonNode;

/** A snapshot of all data that the invariants compare. */
final class ObservedState {

  /** The services whose dead letters can block an order or its payment. */
  static final List<String> BLOCKING_SERVICES = List.of("order-service", "payment-service");

  /** The states of a desk entry that needs no further decision. */
  private static final Set<String> SETTLED = Set.of("RESOLVED", "DISCARDED");

  final Map<String, OrderHistory> orders = new LinkedHashMap<>();
  final List<String> misnumberedOrders = new ArrayList<>();
  final Map<String, List<Ledger.Transfer>> ledger;
  final Map<String, List<PaymentFact>> paymentFacts;
  final List<JsonNode> deadLetters;
  final List<JsonNode> openDeadLetters;
  final Map<String, Long> mails;
  final Map<String, Long> adjustedStock = new TreeMap<>();
  final Map<String, Long> shownStock = new TreeMap<>();
  final Map<String, String> redisViews;
  final ArchivedOrders archived;
  final Map<String, Long> analyticsCounts = new HashMap<>();
  final JsonNode reconciliationDifferences;

  /** A record of payment-service about an intent of the provider. */
  record PaymentFact(String orderId, String type, String intent) {

    static PaymentFact of(KafkaLog.LogRecord record) {
      return new PaymentFact(
          record.key(),
          record.type(),
          ApiClient.JSON.readTree(record.body()).path("paymentIntentId").asString(""));
    }
  }

  ObservedState(FaultPlatform platform) {
    platform.log().read("orders").forEach(this::addEvent);
    paymentFacts =
        platform.log().read("payments").stream()
            .filter(record -> record.type().startsWith("shop.payment."))
            .map(PaymentFact::of)
            .collect(Collectors.groupingBy(PaymentFact::orderId));
    ledger =
        platform.sandbox().ledger().all().stream()
            .collect(Collectors.groupingBy(Ledger.Transfer::orderId));
    deadLetters = DeskClient.all(platform, "");
    openDeadLetters =
        deadLetters.stream()
            .filter(entry -> !SETTLED.contains(entry.get("state").asString()))
            .toList();
    mails =
        platform.processes().mails().stream()
            .collect(Collectors.groupingBy(Mail::messageId, Collectors.counting()));
    readStock(platform);
    redisViews = readViews(platform);
    archived = ArchivedOrders.read(platform.processes().database().endpoint("orders"));
    readAnalyticsCounts(platform);
    reconciliationDifferences = get(platform, "/admin/payments/reconciliation").get("differences");
  }

  private void addEvent(KafkaLog.LogRecord event) {
    if (event.sequence() == 0) {
      // An answer to a command, an order that is withheld or its end, or poison: not part of a
      // history.
      return;
    }
    var order = orders.computeIfAbsent(event.key(), OrderHistory::new);
    order.add(event);
    if (event.sequence() != order.events.size()) {
      misnumberedOrders.add(event.key());
    }
  }

  private void readStock(FaultPlatform platform) {
    var seen = new HashSet<String>();
    for (var entry : platform.log().read("catalog")) {
      // Two instances that fill an empty catalog concurrently publish the same adjustments.
      boolean isNew = seen.add(entry.headers().getOrDefault("ce_id", ""));
      if (isNew && entry.type().equals("shop.stock.adjusted.v1")) {
        var data = ApiClient.JSON.readTree(entry.body());
        adjustedStock.merge(data.get("sku").asString(), data.get("delta").asLong(), Long::sum);
      }
    }
    for (var product : get(platform, "/products").get("items")) {
      shownStock.put(product.get("sku").asString(), product.get("left").asLong());
    }
  }

  /** The version and status of each order in Redis. */
  private Map<String, String> readViews(FaultPlatform platform) {
    return RedisContents.query(
        platform.processes().redis().endpoint(),
        redis -> {
          Map<String, String> views = new HashMap<>();
          for (var id : orders.keySet()) {
            var view = redis.hmget("order:" + id, "version", "status");
            if (view.get(0).hasValue()) {
              views.put(id, view.get(0).getValue() + " " + view.get(1).getValueOrElse(""));
            }
          }
          return views;
        });
  }

  private void readAnalyticsCounts(FaultPlatform platform) {
    var from = Instant.now().minus(Duration.ofDays(1));
    for (var item : get(platform, "/analytics/orders?bucket=hour&from=" + from).get("items")) {
      for (var name : List.of("placed", "confirmed", "failed", "cancelled")) {
        analyticsCounts.merge(name, item.get(name).asLong(), Long::sum);
      }
    }
  }

  private static JsonNode get(FaultPlatform platform, String path) {
    var response = platform.admin().get(path);
    if (response.result() != RequestResult.OK) {
      throw new AssertionError(path + " returned " + response);
    }
    return ApiClient.JSON.readTree(response.body());
  }

  /** Whether the desk has an open dead letter of a service about an order. */
  boolean hasOpenDeadLetter(String orderId, String service) {
    return openDeadLetters.stream()
        .filter(entry -> entry.get("service").asString().equals(service))
        .anyMatch(entry -> entry.path("subject").asString().equals(orderId));
  }

  /** The open dead letters that block a placed order or its payment. */
  List<JsonNode> openBlockingDeadLetters() {
    return openDeadLetters.stream()
        .filter(entry -> BLOCKING_SERVICES.contains(entry.get("service").asString()))
        .filter(entry -> orders.containsKey(entry.path("subject").asString()))
        .toList();
  }

  long eventsOf(String type) {
    return orders.values().stream()
        .flatMap(order -> order.events.stream())
        .filter(event -> event.type().equals(type))
        .count();
  }
}
