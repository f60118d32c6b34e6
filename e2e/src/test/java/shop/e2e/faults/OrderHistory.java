package shop.e2e.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import shop.e2e.ApiClient;
import tools.jackson.databind.JsonNode;

/** An order folded from its events, without code of the platform. */
final class OrderHistory {

  /** The statuses in which no automatic transition is pending. */
  private static final Set<String> SETTLED =
      Set.of("CONFIRMED", "PAYMENT_FAILED", "SHIPPED", "DELIVERED", "CANCELLED", "REFUNDED");

  /** The events that a customer is notified about. */
  private static final Set<String> NOTIFIED =
      Set.of(
          "shop.order.placed.v1",
          "shop.order.confirmed.v1",
          "shop.order.payment-failed.v1",
          "shop.order.cancelled.v1",
          "shop.order.refunded.v1",
          "shop.order.shipped.v1",
          "shop.order.delivered.v1");

  final String id;
  final List<KafkaLog.LogRecord> events = new ArrayList<>();
  String status = "";
  String customerId = "";
  long total;
  long refunded;
  boolean holdsStock = true;
  JsonNode items = ApiClient.JSON.createArrayNode();

  OrderHistory(String id) {
    this.id = id;
  }

  void add(KafkaLog.LogRecord event) {
    events.add(event);
    var data = ApiClient.JSON.readTree(event.body());
    switch (event.type()) {
      case "shop.order.placed.v1" -> {
        status = "PLACED";
        customerId = data.get("customerId").asString();
        total = data.get("total").get("amount").asLong();
        items = data.get("items");
      }
      case "shop.order.confirmed.v1" -> status = "CONFIRMED";
      case "shop.order.payment-failed.v1" -> end("PAYMENT_FAILED");
      case "shop.order.cancel-requested.v1" -> status = "CANCELLING";
      case "shop.order.cancelled.v1" -> end("CANCELLED");
      case "shop.order.shipped.v1" -> status = "SHIPPED";
      case "shop.order.delivered.v1" -> status = "DELIVERED";
      case "shop.order.refunded.v1" -> {
        refunded = data.get("refundedTotal").get("amount").asLong();
        if (refunded == total) {
          // Shipped pieces do not return to the stock.
          holdsStock &= Set.of("SHIPPED", "DELIVERED").contains(status);
          status = "REFUNDED";
        }
      }
      default -> {
        // Changes neither status nor amounts.
      }
    }
  }

  private void end(String finalStatus) {
    status = finalStatus;
    holdsStock = false;
  }

  boolean isSettled() {
    return SETTLED.contains(status);
  }

  /** The amount that the PSP must hold for the order, in minor units. */
  long owed() {
    return switch (status) {
      case "CONFIRMED", "SHIPPED", "DELIVERED" -> total - refunded;
      default -> 0;
    };
  }

  /** The sequence numbers of the events that the customer must have received a mail for. */
  List<Long> notifiedSequences() {
    return events.stream()
        .filter(event -> NOTIFIED.contains(event.type()))
        .map(KafkaLog.LogRecord::sequence)
        .toList();
  }
}
