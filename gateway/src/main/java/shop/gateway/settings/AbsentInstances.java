package shop.gateway.settings;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How long discovery has not listed instances that drain. Not thread-safe. */
final class AbsentInstances {

  private final Duration limit;
  private final Map<String, Instant> absentSince = new HashMap<>();

  /**
   * Of none so far.
   *
   * @param limit how long an instance may be absent
   */
  AbsentInstances(Duration limit) {
    this.limit = limit;
  }

  /**
   * Those that have been absent longer than the limit.
   *
   * @param draining ids of the instances that drain
   * @param listed ids of those that discovery lists now
   */
  List<String> beyondLimit(Set<String> draining, Set<String> listed, Instant now) {
    absentSince.keySet().retainAll(draining);
    absentSince.keySet().removeAll(listed);
    draining.stream()
        .filter(id -> !listed.contains(id))
        .forEach(id -> absentSince.putIfAbsent(id, now));
    return absentSince.entrySet().stream()
        .filter(absent -> absent.getValue().plus(limit).isBefore(now))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
