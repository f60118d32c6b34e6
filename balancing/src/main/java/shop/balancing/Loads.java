package shop.balancing;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Makes the loads of a service's instances, and keeps those of instances that are gone, for the
 * case that they return: calls they have not answered yet still occupy them. Guarded by the
 * service's lock.
 */
final class Loads {
  /** A load is forgotten after this even if its calls never end. */
  private static final long KEEP_NANOS = TimeUnit.HOURS.toNanos(1);

  private final LoadGroup group = new LoadGroup();
  private final Map<String, Departed> departed = new HashMap<>();

  private record Departed(Load load, long since) {}

  /** The load of an instance that joins. */
  Load join(String id) {
    var before = departed.remove(id);
    return before == null ? new Load(group, Load.DEFAULT_DECAY) : before.load;
  }

  /** Keeps the load of an instance that leaves. */
  void leave(String id, Load load, long now) {
    departed.put(id, new Departed(load, now));
  }

  /** Forgets those that no call occupies any more. */
  void forget(long now) {
    departed.values().removeIf(gone -> gone.load.inFlight() <= 0 || now - gone.since > KEEP_NANOS);
  }
}
