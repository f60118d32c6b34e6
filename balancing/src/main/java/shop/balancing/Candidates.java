package shop.balancing;

import java.util.Comparator;
import java.util.List;

/**
 * The endpoints that may be chosen now, ordered by the ids of their instances. A change of health
 * or weight makes a new list.
 */
public record Candidates(List<Endpoint> endpoints) {

  /** Orders and copies the list. */
  public Candidates {
    endpoints =
        endpoints.stream()
            .sorted(Comparator.comparing(endpoint -> endpoint.instance().id()))
            .toList();
  }

  public int size() {
    return endpoints.size();
  }

  public Endpoint get(int index) {
    return endpoints.get(index);
  }

  Endpoint[] toArray() {
    return endpoints.toArray(Endpoint[]::new);
  }
}
