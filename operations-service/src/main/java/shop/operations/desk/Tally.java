package shop.operations.desk;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import shop.operations.State;

/** How many entries each service has in each state. */
final class Tally {

  private record Pile(String service, State state) {}

  private final Map<Pile, Integer> sizes = new ConcurrentHashMap<>();

  int of(String service, State state) {
    return sizes.getOrDefault(new Pile(service, state), 0);
  }

  int open(String service) {
    return sum(service, State::isOpen);
  }

  /** All that ever came. */
  int all(String service) {
    return sum(service, _ -> true);
  }

  void add(String service, State state) {
    sizes.merge(new Pile(service, state), 1, Integer::sum);
  }

  void move(String service, State from, State to) {
    sizes.merge(new Pile(service, from), -1, Integer::sum);
    add(service, to);
  }

  private int sum(String service, Predicate<State> which) {
    return Arrays.stream(State.values()).filter(which).mapToInt(state -> of(service, state)).sum();
  }
}
