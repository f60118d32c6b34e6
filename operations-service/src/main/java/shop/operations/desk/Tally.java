package shop.operations.desk;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import shop.operations.State;

/** Counts entries by service and state. */
final class Tally {

  private record Key(String service, State state) {}

  private final Map<Key, Integer> counts = new ConcurrentHashMap<>();

  int count(String service, State state) {
    return counts.getOrDefault(new Key(service, state), 0);
  }

  int countOpen(String service) {
    return sum(service, State::isOpen);
  }

  /** Entries in all states. */
  int countAll(String service) {
    return sum(service, _ -> true);
  }

  void add(String service, State state) {
    counts.merge(new Key(service, state), 1, Integer::sum);
  }

  void move(String service, State from, State to) {
    counts.merge(new Key(service, from), -1, Integer::sum);
    add(service, to);
  }

  private int sum(String service, Predicate<State> states) {
    return Arrays.stream(State.values())
        .filter(states)
        .mapToInt(state -> count(service, state))
        .sum();
  }
}
