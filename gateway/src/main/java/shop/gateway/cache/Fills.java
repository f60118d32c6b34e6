package shop.gateway.cache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The fills that are under way, one for each key. */
final class Fills {

  private final ConcurrentMap<Fill.Key, Fill> running = new ConcurrentHashMap<>();
  private final int max;

  Fills(int max) {
    this.max = max;
  }

  /** The fill with this key; null if none is under way. */
  @Nullable Fill find(Fill.Key key) {
    return running.get(key);
  }

  /** Begins a fill; null if one with its key is under way, or too many others are. */
  @Nullable Fill begin(Fill.Key key, long now) {
    if (running.size() >= max) {
      return null;
    }
    var fill = new Fill(key, now);
    return running.putIfAbsent(key, fill) == null ? fill : null;
  }

  /** Requests that arrive from now on do not wait for this fill. */
  void end(Fill fill) {
    running.remove(fill.key(), fill);
  }

  /** Ends those of some resources; what they bring is not stored. */
  void invalidate(Predicate<String> resource) {
    for (var fill : running.values()) {
      if (resource.test(fill.key().resource())) {
        fill.invalidate();
        end(fill);
      }
    }
  }
}
