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
import org.jspecify.annotations.Nullable;
import shop.e2e.Customer;
import shop.e2e.Ledger;
import shop.e2e.faults.ClientHistory.Result;
import shop.local.mail.Mail;
import tools.jackson.databind.JsonNode;

/** Everything that can be held against everything else, read at one moment. */
final class ObservedState {

  /** The services by whose dead letters money or an order may hang. */
  static final List<String> MONEY = List.of("order-service", "payment-service");

  /** The states in which an entry of the desk needs nobody any more. */
  private static final Set<String> SETTLED = Set.of("RESOLVED", "DISCARDED");

  final Map<String, OrderHistory> orders = new LinkedHashMap<>();
  final List<String> misnumbered = new ArrayList<>();
  final Map<String, List<Ledger.Line>> ledger;
  final List<JsonNode> openLetters;
  final Map<String, Long> mails;
  final Map<String, Long> stocked = new TreeMap<>();
  final Map<String, Long> left = new TreeMap<>();
  final Map<String, String> views;
  final Map<String, Long> figures = new HashMap<>();
  final JsonNode differences;

  ObservedState(FaultPlatform stage) {
    stage.log().read("orders").forEach(this::addEvent);
    ledger =
        stage.psp().ledger().all().stream().collect(Collectors.groupingBy(Ledger.Line::orderId));
    openLetters =
        Desk.all(stage, "").stream()
            .filter(entry -> !SETTLED.contains(entry.get("state").asString()))
            .toList();
    mails =
        stage.platform().mails().stream()
            .collect(Collectors.groupingBy(Mail::messageId, Collectors.counting()));
    readStock(stage);
    views = readViews(stage);
    readFigures(stage);
    differences = get(stage, "/admin/payments/reconciliation").get("differences");
  }

  private void addEvent(Log.Entry event) {
    if (event.sequence() == 0) {
      // An answer to a command, or poison: no part of an order's story.
      return;
    }
    var order = orders.computeIfAbsent(event.key(), OrderHistory::new);
    order.add(event);
    if (event.sequence() != order.events.size()) {
      misnumbered.add(event.key());
    }
  }

  private void readStock(FaultPlatform stage) {
    var counted = new HashSet<String>();
    for (var entry : stage.log().read("catalog")) {
      // Two instances that fill an empty catalog at once tell of the same adjustments.
      boolean isNew = counted.add(entry.headers().getOrDefault("ce_id", ""));
      if (isNew && entry.type().equals("shop.stock.adjusted.v1")) {
        var data = Customer.JSON.readTree(entry.body());
        stocked.merge(data.get("sku").asString(), data.get("delta").asLong(), Long::sum);
      }
    }
    @Nullable String cursor = "";
    while (cursor != null) {
      var page = get(stage, "/products?limit=100" + cursor);
      for (var product : page.get("items")) {
        left.put(product.get("sku").asString(), product.get("left").asLong());
      }
      String next = page.path("nextCursor").asString();
      cursor = next.isEmpty() ? null : "&cursor=" + next;
    }
  }

  /** What Redis shows of each order: its version and status. */
  private Map<String, String> readViews(FaultPlatform stage) {
    return RedisContents.ask(
        stage.platform().redis().endpoint(),
        redis -> {
          Map<String, String> shown = new HashMap<>();
          for (var id : orders.keySet()) {
            var view = redis.hmget("order:" + id, "version", "status");
            shown.put(
                id, view.get(0).getValueOrElse("none") + " " + view.get(1).getValueOrElse(""));
          }
          return shown;
        });
  }

  private void readFigures(FaultPlatform stage) {
    var from = Instant.now().minus(Duration.ofDays(1));
    for (var item : get(stage, "/analytics/orders?bucket=hour&from=" + from).get("items")) {
      for (var name : List.of("placed", "confirmed", "failed", "cancelled")) {
        figures.merge(name, item.get(name).asLong(), Long::sum);
      }
    }
  }

  private static JsonNode get(FaultPlatform stage, String path) {
    var answer = stage.admin().get(path);
    if (answer.result() != Result.OK) {
      throw new AssertionError(path + " answers " + answer);
    }
    return Customer.JSON.readTree(answer.body());
  }

  /** Whether somebody can see at the desk that a service has not done its part for an order. */
  boolean hasOpenLetter(String orderId, String service) {
    return openLetters.stream()
        .filter(entry -> entry.get("service").asString().equals(service))
        .anyMatch(entry -> entry.path("subject").asString().equals(orderId));
  }

  /** What is open at the desk about the money of orders that were placed. */
  List<JsonNode> openMoneyLetters() {
    return openLetters.stream()
        .filter(entry -> MONEY.contains(entry.get("service").asString()))
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
