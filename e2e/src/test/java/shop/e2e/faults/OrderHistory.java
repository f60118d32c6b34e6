package shop.e2e.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import shop.e2e.Customer;
import tools.jackson.databind.JsonNode;

/**
 * An order as its events tell it, counted again by somebody who shares no code with the platform.
 */
final class OrderHistory {

  /** The statuses in which nothing more has to happen by itself. */
  private static final Set<String> SETTLED =
      Set.of("CONFIRMED", "PAYMENT_FAILED", "SHIPPED", "DELIVERED", "CANCELLED", "REFUNDED");

  /** The events that a customer is told of. */
  private static final Set<String> TOLD =
      Set.of(
          "shop.order.placed.v1",
          "shop.order.confirmed.v1",
          "shop.order.payment-failed.v1",
          "shop.order.cancelled.v1",
          "shop.order.refunded.v1",
          "shop.order.shipped.v1",
          "shop.order.delivered.v1");

  final String id;
  final List<Log.Entry> events = new ArrayList<>();
  String status = "";
  String customerId = "";
  long total;
  long refunded;
  boolean holdsStock = true;
  JsonNode items = Customer.JSON.createArrayNode();

  OrderHistory(String id) {
    this.id = id;
  }

  void add(Log.Entry event) {
    events.add(event);
    var data = Customer.JSON.readTree(event.body());
    switch (event.type()) {
      case "shop.order.placed.v1" -> {
        status = "PLACED";
        customerId = data.get("customerId").asString();
        total = data.get("total").get("amount").asLong();
        items = data.get("items");
      }
      case "shop.order.confirmed.v1" -> status = "CONFIRMED";
      case "shop.order.payment-failed.v1" -> ends("PAYMENT_FAILED");
      case "shop.order.cancel-requested.v1" -> status = "CANCELLING";
      case "shop.order.cancelled.v1" -> ends("CANCELLED");
      case "shop.order.shipped.v1" -> status = "SHIPPED";
      case "shop.order.delivered.v1" -> status = "DELIVERED";
      case "shop.order.refunded.v1" -> {
        refunded = data.get("refundedTotal").get("amount").asLong();
        if (refunded == total) {
          // What was shipped is gone; the rest goes back to the shelf.
          holdsStock &= Set.of("SHIPPED", "DELIVERED").contains(status);
          status = "REFUNDED";
        }
      }
      default -> {
        // Changes neither status nor money.
      }
    }
  }

  private void ends(String end) {
    status = end;
    holdsStock = false;
  }

  boolean isSettled() {
    return SETTLED.contains(status);
  }

  /** What the PSP must hold for it. */
  long owed() {
    return switch (status) {
      case "CONFIRMED", "SHIPPED", "DELIVERED" -> total - refunded;
      default -> 0;
    };
  }

  /** The numbers of the events that the customer must have had a mail about. */
  List<Long> told() {
    return events.stream()
        .filter(event -> TOLD.contains(event.type()))
        .map(Log.Entry::sequence)
        .toList();
  }
}
