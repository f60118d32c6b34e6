package shop.e2e.faults;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import shop.e2e.Ledger;
import shop.e2e.faults.ClientHistory.Accepted;

/** The platform's guarantees as checkable invariants I1 to I11 (I6: {@link FaultRun}). */
final class Invariants {

  /**
   * A violated invariant; some invariants are violated temporarily while orders are in progress.
   *
   * @param orderId the order concerned; empty if the violation concerns no single order
   */
  record Violation(String invariant, String orderId, String description) {
    @Override
    public String toString() {
      return invariant + (orderId.isEmpty() ? "" : " order " + orderId) + ": " + description;
    }
  }

  /** Failures of the network or of the provider, as the dead letters' causes. */
  private static final Pattern OUTAGES =
      Pattern.compile(
          "java\\.(io|net|util\\.concurrent)\\..*|com\\.stripe\\.exception\\.(ApiConnection|Api|RateLimit)Exception");

  /** The facts that reflect each kind of transfer. */
  private static final Map<String, Set<String>> FACTS_OF =
      Map.of(
          "charge", Set.of("shop.payment.captured.v1", "shop.payment.refunded.v1"),
          "refund", Set.of("shop.payment.refunded.v1"));

  /** The states in which an order may leave Redis. */
  private static final Set<String> ENDED =
      Set.of("SHIPPED", "DELIVERED", "PAYMENT_FAILED", "CANCELLED", "REFUNDED");

  private final ObservedState state;
  private final ClientHistory history;
  private final List<Violation> violations = new ArrayList<>();

  private Invariants(ObservedState state, ClientHistory history) {
    this.state = state;
    this.history = history;
  }

  /** All current violations, the most severe first. */
  static List<Violation> check(ObservedState state, ClientHistory history) {
    var check = new Invariants(state, history);
    check.everyAcceptedOrderIsPlacedOnce();
    check.atMostOneCaptureAndCorrectBalance();
    check.everyOrderIsSettled();
    check.everyConsumerProcessedEveryEvent();
    check.orderCountsAgree();
    check.everyNotificationArrived();
    check.stockIsConsistent();
    check.theProvidersWordIsReflected();
    check.noCustomersInputBecomesADeadLetter();
    check.postgresHoldsWhatTheLogGives();
    return check.violations;
  }

  private void add(String invariant, String orderId, String description) {
    violations.add(new Violation(invariant, orderId, description));
  }

  private void everyAcceptedOrderIsPlacedOnce() {
    violations.addAll(history.violations());
    var seen = new HashSet<String>();
    for (Accepted accepted : history.accepted()) {
      var order = state.orders.get(accepted.orderId());
      if (order == null) {
        add(
            "I1",
            accepted.orderId(),
            "a client received a 201, but topic orders has no event of the order");
      } else if (!order.events.getFirst().type().equals("shop.order.placed.v1")
          || order.events.stream().filter(e -> e.type().equals("shop.order.placed.v1")).count()
              != 1) {
        add("I1", accepted.orderId(), "does not have exactly one placed event as its first event");
      }
      if (!seen.add(accepted.orderId())) {
        add("I1", accepted.orderId(), "was accepted under two idempotency keys");
      }
    }
  }

  private void atMostOneCaptureAndCorrectBalance() {
    state.ledger.forEach((id, transfers) -> {
      long captures =
          transfers.stream().filter(transfer -> transfer.kind().equals("charge")).count();
      if (captures > 1) {
        add("I2", id, captures + " captures at the PSP");
      }
      if (!state.orders.containsKey(id)) {
        add("I2", id, "has transfers at the PSP, but no event in topic orders");
      }
    });
    for (var order : state.orders.values()) {
      long held = 0;
      for (Ledger.Transfer transfer : state.ledger.getOrDefault(order.id, List.of())) {
        held += transfer.kind().equals("charge") ? transfer.amount() : -transfer.amount();
      }
      if (held != order.owed()) {
        add(
            "I2",
            order.id,
            "status %s: the PSP holds %d minor units, expected %d"
                .formatted(order.status, held, order.owed()));
      }
    }
    for (var difference : state.reconciliationDifferences) {
      String id = difference.path("orderId").asString();
      add("I2", id, "payment-service's reconciliation reports a difference: " + difference);
    }
  }

  /** After all faults are removed and dead letters are redriven, none of them may remain open. */
  private void everyOrderIsSettled() {
    for (var order : state.orders.values()) {
      if (!order.isSettled()) {
        add("I3", order.id, "is not settled: status " + order.status);
      }
    }
    for (var deadLetter : state.openBlockingDeadLetters()) {
      add(
          "I3",
          deadLetter.get("subject").asString(),
          "its dead letter is still open: " + deadLetter);
    }
  }

  private void everyConsumerProcessedEveryEvent() {
    for (var id : state.misnumberedOrders) {
      add("I4", id, "the sequence numbers of its events are not 1, 2, 3 …");
    }
    for (var order : state.orders.values()) {
      String expected = order.events.size() + " " + order.status;
      if (!expected.equals(state.redisViews.get(order.id)) && !hasLeftRedis(order)) {
        add(
            "I4",
            order.id,
            "Redis contains version and status %s, expected %s"
                .formatted(state.redisViews.get(order.id), expected));
      }
    }
    var expected = new TreeMap<String, Long>();
    expected.put("placed", state.eventsOf("shop.order.placed.v1"));
    expected.put("confirmed", state.eventsOf("shop.order.confirmed.v1"));
    expected.put("failed", state.eventsOf("shop.order.payment-failed.v1"));
    expected.put("cancelled", state.eventsOf("shop.order.cancelled.v1"));
    var counted = new TreeMap<>(state.analyticsCounts);
    if (!expected.equals(counted)) {
      add("I4", "", "analytics-service counted %s, expected %s".formatted(counted, expected));
    }
  }

  /** True if Redis does not hold an order that has ended; PostgreSQL must have it (I11). */
  private boolean hasLeftRedis(OrderHistory order) {
    return !state.redisViews.containsKey(order.id) && ENDED.contains(order.status);
  }

  private void orderCountsAgree() {
    long placed = state.eventsOf("shop.order.placed.v1");
    long accepted = history.acceptedOrders();
    long unknown =
        history.ordersWithUnknownResult().stream().filter(state.orders::containsKey).count();
    long counted = state.analyticsCounts.getOrDefault("placed", 0L);
    long settled = state.orders.values().stream().filter(OrderHistory::isSettled).count();
    long open =
        state.openBlockingDeadLetters().stream()
            .map(deadLetter -> deadLetter.get("subject").asString())
            .distinct()
            .count();
    if (placed != accepted + unknown || placed != counted || placed != settled + open) {
      add(
          "I5",
          "",
          "topic orders has %d placed orders; clients received a 201 for %d and no definite response for %d; analytics-service counted %d; %d are settled and %d have open dead letters"
              .formatted(placed, accepted, unknown, counted, settled, open));
    }
  }

  private void everyNotificationArrived() {
    for (var order : state.orders.values()) {
      for (long sequence : order.notifiedSequences()) {
        if (!state.mails.containsKey(messageId(order, sequence))
            && !state.hasOpenDeadLetter(order.id, "notification-service")) {
          add(
              "I7",
              order.id,
              "no mail for event %d arrived and notification-service has no open dead letter"
                  .formatted(sequence));
        }
      }
    }
  }

  /** The number of duplicate mails. */
  static long duplicateMails(ObservedState state) {
    return state.mails.values().stream().mapToLong(count -> count - 1).sum();
  }

  /**
   * A delivery's message id: UUID version 5 of the order's id, the event's sequence number, the
   * channel and the recipient.
   */
  private static String messageId(OrderHistory order, long sequence) {
    String name = sequence + "/email/" + order.customerId;
    return "<" + Uuid5.of(UUID.fromString(order.id), name) + "@shop.test>";
  }

  /** Each transfer of the provider is a fact about its order, or open at the desk. */
  private void theProvidersWordIsReflected() {
    state.ledger.forEach((id, transfers) -> {
      if (state.hasOpenDeadLetter(id, "payment-service")) {
        return;
      }
      var facts = state.paymentFacts.getOrDefault(id, List.of());
      for (var kind : List.of("charge", "refund")) {
        var intents =
            transfers.stream()
                .filter(transfer -> transfer.kind().equals(kind))
                .map(Ledger.Transfer::intent)
                .toList();
        long reflected =
            facts.stream()
                .filter(fact -> FACTS_OF.get(kind).contains(fact.type()))
                .filter(fact -> intents.contains(fact.intent()))
                .count();
        if (reflected < intents.size()) {
          add(
              "I9",
              id,
              "the provider has %d transfers of kind %s, topic payments has %d facts about them"
                  .formatted(intents.size(), kind, reflected));
        }
      }
    });
  }

  /** Dead letters of orders that the provider refuses come only from failures of its service. */
  private void noCustomersInputBecomesADeadLetter() {
    var hostile = history.hostileOrders();
    for (var deadLetter : state.deadLetters) {
      String id = deadLetter.path("subject").asString();
      if (hostile.contains(id)
          && !OUTAGES.matcher(deadLetter.get("exception").asString()).matches()) {
        add("I10", id, "a customer's input became a dead letter: " + deadLetter);
      }
    }
  }

  private void postgresHoldsWhatTheLogGives() {
    var expected = new TreeMap<String, String>();
    for (var order : state.orders.values()) {
      int events = order.events.size();
      expected.put(order.id, "%d %s %d".formatted(events, order.status, events));
    }
    expected.forEach((id, order) -> {
      String archived = state.archived.orders().get(id);
      if (!order.equals(archived)) {
        add(
            "I11",
            id,
            "PostgreSQL has version, status and events %s, expected %s".formatted(archived, order));
      }
    });
    if (state.archived.orders().size() > expected.size()) {
      add("I11", "", "PostgreSQL has orders that the log does not have");
    }
    expectedStock()
        .forEach((sku, pieces) -> {
          Long archived = state.archived.stock().get(sku);
          if (!pieces.equals(archived)) {
            add(
                "I11",
                "",
                "%s: PostgreSQL has %s pieces, expected %d".formatted(sku, archived, pieces));
          }
        });
  }

  /** The pieces of each product that can be sold, by the log. */
  private Map<String, Long> expectedStock() {
    var expected = new TreeMap<>(state.adjustedStock);
    for (var order : state.orders.values()) {
      if (order.holdsStock) {
        for (var item : order.items) {
          expected.merge(item.get("sku").asString(), -item.get("quantity").asLong(), Long::sum);
        }
      }
    }
    return expected;
  }

  private void stockIsConsistent() {
    expectedStock()
        .forEach((sku, pieces) -> {
          Long shown = state.shownStock.get(sku);
          if (!pieces.equals(shown)) {
            add(
                "I8",
                "",
                "%s: GET /products shows %s pieces left, expected %d"
                    .formatted(sku, shown, pieces));
          }
        });
  }
}
