package shop.e2e.faults;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import shop.e2e.Ledger;
import shop.e2e.faults.ClientHistory.Accepted;

/** The promise, in sentences that a machine can check. */
final class Invariants {

  /**
   * Something that must never be, or not be for long.
   *
   * @param orderId whose history tells more; empty if it is about no single order
   */
  record Violation(String invariant, String orderId, String what) {
    @Override
    public String toString() {
      return invariant + (orderId.isEmpty() ? "" : " order " + orderId) + ": " + what;
    }
  }

  private final ObservedState world;
  private final ClientHistory history;
  private final List<Violation> violations = new ArrayList<>();

  private Invariants(ObservedState world, ClientHistory history) {
    this.world = world;
    this.history = history;
  }

  /** All that does not hold now, the gravest first. */
  static List<Violation> violated(ObservedState world, ClientHistory history) {
    var check = new Invariants(world, history);
    check.everyAcceptedOrderIsOneOrder();
    check.atMostOneCaptureAndTheRightSum();
    check.everyOrderIsSettled();
    check.everyReaderSawEveryEvent();
    check.theSumsAddUp();
    check.everyCustomerWasTold();
    check.noPieceIsLostOrMade();
    return check.violations;
  }

  private void violated(String invariant, String orderId, String what) {
    violations.add(new Violation(invariant, orderId, what));
  }

  private void everyAcceptedOrderIsOneOrder() {
    violations.addAll(history.contradictions());
    var seen = new HashSet<String>();
    for (Accepted accepted : history.accepted()) {
      var order = world.orders.get(accepted.orderId());
      if (order == null) {
        violated("I1", accepted.orderId(), "accepted, and not in the log");
      } else if (!order.events.getFirst().type().equals("shop.order.placed.v1")
          || order.events.stream().filter(e -> e.type().equals("shop.order.placed.v1")).count()
              != 1) {
        violated("I1", accepted.orderId(), "not placed exactly once");
      }
      if (!seen.add(accepted.orderId())) {
        violated("I1", accepted.orderId(), "two keys made it");
      }
    }
  }

  private void atMostOneCaptureAndTheRightSum() {
    world.ledger.forEach((id, lines) -> {
      long captures = lines.stream().filter(line -> line.kind().equals("charge")).count();
      if (captures > 1) {
        violated("I2", id, captures + " captures at the PSP");
      }
      if (!world.orders.containsKey(id)) {
        violated("I2", id, "the PSP knows an order that the log does not");
      }
    });
    for (var order : world.orders.values()) {
      long held = 0;
      for (Ledger.Line line : world.ledger.getOrDefault(order.id, List.of())) {
        held += line.kind().equals("charge") ? line.amount() : -line.amount();
      }
      if (held != order.owed()) {
        violated(
            "I2",
            order.id,
            "%s, and the PSP holds %d where %d are owed"
                .formatted(order.status, held, order.owed()));
      }
    }
    for (var difference : world.differences) {
      String id = difference.path("orderId").asString();
      violated("I2", id, "the service's own books differ: " + difference);
    }
  }

  /** Once everything is well and was sent back, nothing may be left at the desk either. */
  private void everyOrderIsSettled() {
    for (var order : world.orders.values()) {
      if (!order.isSettled()) {
        violated("I3", order.id, "is " + order.status);
      }
    }
    for (var letter : world.openMoneyLetters()) {
      violated("I3", letter.get("subject").asString(), "its dead letter is open: " + letter);
    }
  }

  private void everyReaderSawEveryEvent() {
    for (var id : world.misnumbered) {
      violated("I4", id, "its events are not numbered 1, 2, 3 …");
    }
    for (var order : world.orders.values()) {
      String due = order.events.size() + " " + order.status;
      if (!due.equals(world.views.get(order.id))) {
        violated(
            "I4", order.id, "Redis shows %s, due is %s".formatted(world.views.get(order.id), due));
      }
    }
    var due = new TreeMap<String, Long>();
    due.put("placed", world.eventsOf("shop.order.placed.v1"));
    due.put("confirmed", world.eventsOf("shop.order.confirmed.v1"));
    due.put("failed", world.eventsOf("shop.order.payment-failed.v1"));
    due.put("cancelled", world.eventsOf("shop.order.cancelled.v1"));
    var counted = new TreeMap<>(world.figures);
    if (!due.equals(counted)) {
      violated("I4", "", "analytics counted %s, due is %s".formatted(counted, due));
    }
  }

  private void theSumsAddUp() {
    long placed = world.eventsOf("shop.order.placed.v1");
    long told = history.told();
    long unanswered = history.unanswered().stream().filter(world.orders::containsKey).count();
    long counted = world.figures.getOrDefault("placed", 0L);
    long settled = world.orders.values().stream().filter(OrderHistory::isSettled).count();
    long open =
        world.openMoneyLetters().stream()
            .map(letter -> letter.get("subject").asString())
            .distinct()
            .count();
    if (placed != told + unanswered || placed != counted || placed != settled + open) {
      violated(
          "I5",
          "",
          "%d placed; clients were told of %d and not answered about %d; analytics counted %d; %d are settled and %d at the desk"
              .formatted(placed, told, unanswered, counted, settled, open));
    }
  }

  private void everyCustomerWasTold() {
    for (var order : world.orders.values()) {
      for (long sequence : order.told()) {
        if (!world.mails.containsKey(messageId(order, sequence))
            && !world.hasOpenLetter(order.id, "notification-service")) {
          violated("I7", order.id, "no mail about event " + sequence);
        }
      }
    }
  }

  /** How many mails came more than once. */
  static long duplicateMails(ObservedState world) {
    return world.mails.values().stream().mapToLong(count -> count - 1).sum();
  }

  /** A delivery's id: UUID version 5 of the order's id and what is delivered to whom. */
  private static String messageId(OrderHistory order, long sequence) {
    String name = sequence + "/email/" + order.customerId;
    return "<" + Uuid5.of(UUID.fromString(order.id), name) + "@shop.test>";
  }

  private void noPieceIsLostOrMade() {
    var due = new TreeMap<>(world.stocked);
    for (var order : world.orders.values()) {
      if (order.holdsStock) {
        for (var item : order.items) {
          due.merge(item.get("sku").asString(), -item.get("quantity").asLong(), Long::sum);
        }
      }
    }
    due.forEach((sku, pieces) -> {
      Long left = world.left.get(sku);
      if (!pieces.equals(left)) {
        violated("I8", "", "%s: %s left, due are %d".formatted(sku, left, pieces));
      }
    });
  }
}
