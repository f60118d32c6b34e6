package shop.e2e.faults;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import shop.e2e.faults.Invariants.Violation;

/** All requests of the clients and their results. */
final class ClientHistory {

  /** What a client knows about the result of its request. */
  enum RequestResult {
    /** The request succeeded. */
    OK,
    /** The request was rejected and had no effect. */
    REJECTED,
    /** The request may have been processed, or may still be. */
    UNKNOWN
  }

  /**
   * One request of a client.
   *
   * @param orderId the order that the request concerns
   * @param status HTTP status of the response; 0 if there was none
   */
  record Operation(
      Instant at,
      String action,
      String orderId,
      String key,
      RequestResult result,
      int status,
      String error) {

    @Override
    public String toString() {
      return "%s client %s %s: %s (%d) %s".formatted(at, action, key, result, status, error);
    }
  }

  /** An order that was accepted with a 201: its key and the exact response body. */
  record Accepted(String orderId, String key, String customer, String response) {}

  private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final Map<String, Accepted> accepted = new ConcurrentHashMap<>();
  private final Queue<Violation> violations = new ConcurrentLinkedQueue<>();
  private final Set<String> hostile = ConcurrentHashMap.newKeySet();
  private final AtomicLong unknown = new AtomicLong();

  void add(Operation operation) {
    operations.add(operation);
    if (operation.result() == RequestResult.UNKNOWN) {
      unknown.incrementAndGet();
    }
  }

  /** Records a 201; an earlier response under the same key must be identical. */
  void recordAccepted(Accepted order) {
    var before = accepted.putIfAbsent(order.key(), order);
    if (before != null && !before.response().equals(order.response())) {
      recordViolation(
          order.orderId(),
          "the responses under key %s differ: first %s, later %s"
              .formatted(order.key(), before.response(), order.response()));
    }
  }

  List<Accepted> accepted() {
    return List.copyOf(accepted.values());
  }

  /** Records that a client is about to send an order that the provider refuses. */
  void recordHostile(String orderId) {
    hostile.add(orderId);
  }

  /** The orders that the provider refuses for what the customer sent. */
  Set<String> hostileOrders() {
    return Set.copyOf(hostile);
  }

  /** Records a violation of I10 that a client observed. */
  void recordHostileViolation(String description) {
    violations.add(new Violation("I10", "", description));
  }

  /** Records a violation of I1 that a client observed. */
  void recordViolation(String orderId, String description) {
    violations.add(new Violation("I1", orderId, description));
  }

  /** The violations that clients observed. */
  List<Violation> violations() {
    return List.copyOf(violations);
  }

  /** The number of distinct orders that were accepted with a 201. */
  long acceptedOrders() {
    return accepted.values().stream().map(Accepted::orderId).distinct().count();
  }

  /** Orders whose last request had an unknown result; they may or may not have been placed. */
  Set<String> ordersWithUnknownResult() {
    Map<String, RequestResult> last = new HashMap<>();
    operations.stream()
        .filter(operation -> operation.action().equals("place"))
        .forEach(operation -> last.put(operation.orderId(), operation.result()));
    last.values().removeIf(result -> result != RequestResult.UNKNOWN);
    accepted.values().forEach(order -> last.remove(order.orderId()));
    return last.keySet();
  }

  List<String> of(String orderId) {
    return operations.stream()
        .filter(operation -> operation.orderId().equals(orderId))
        .map(Operation::toString)
        .toList();
  }

  int size() {
    return operations.size();
  }

  long unknownResults() {
    return unknown.get();
  }
}
