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

/** What clients asked and what they know of it. */
final class ClientHistory {

  /** What a client knows of something that it asked. */
  enum Result {
    OK,
    FAIL,
    UNKNOWN
  }

  /**
   * One request of a client.
   *
   * @param orderId of the order that it is about, by which a reader finds it
   * @param status of the answer; 0 if none came
   */
  record Operation(
      Instant at, String what, String orderId, String key, Result result, int status, String said) {

    @Override
    public String toString() {
      return "%s client %s %s: %s (%d) %s".formatted(at, what, key, result, status, said);
    }
  }

  /** An order that a client was told is accepted: the key and the very bytes of the answer. */
  record Accepted(String orderId, String key, String customer, String answer) {}

  private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final Map<String, Accepted> accepted = new ConcurrentHashMap<>();
  private final Queue<Violation> contradictions = new ConcurrentLinkedQueue<>();
  private final AtomicLong unknown = new AtomicLong();

  void add(Operation operation) {
    operations.add(operation);
    if (operation.result() == Result.UNKNOWN) {
      unknown.incrementAndGet();
    }
  }

  /** Notes a 201; the same key must have led to the same order and the same bytes before. */
  void accept(Accepted order) {
    var before = accepted.putIfAbsent(order.key(), order);
    if (before != null && !before.answer().equals(order.answer())) {
      contradict(
          order.orderId(),
          "key %s was answered %s and later %s"
              .formatted(order.key(), before.answer(), order.answer()));
    }
  }

  List<Accepted> accepted() {
    return List.copyOf(accepted.values());
  }

  /** Notes what a client saw that must never be. */
  void contradict(String orderId, String what) {
    contradictions.add(new Violation("I1", orderId, what));
  }

  /** What clients saw that must never be. */
  List<Violation> contradictions() {
    return List.copyOf(contradictions);
  }

  /** How many orders clients were told are accepted. */
  long told() {
    return accepted.values().stream().map(Accepted::orderId).distinct().count();
  }

  /** Orders that were asked for, and of which nobody knows to this day whether they were placed. */
  Set<String> unanswered() {
    Map<String, Result> last = new HashMap<>();
    operations.stream()
        .filter(operation -> operation.what().equals("place"))
        .forEach(operation -> last.put(operation.orderId(), operation.result()));
    last.values().removeIf(result -> result != Result.UNKNOWN);
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

  long unknown() {
    return unknown.get();
  }
}
