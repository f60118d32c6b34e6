package shop.notification.queue;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * The deliveries that this instance sent lately or is sending now. Deliveries come at least once;
 * this makes duplicates rare, it does not rule them out.
 */
@Component
final class RecentDeliveries {

  /** What is known of a delivery. */
  enum State {
    /** Nothing; it is the caller's now. */
    NEW,
    /** Another worker is at it. */
    RUNNING,
    /** It went out. */
    SENT
  }

  private final Set<UUID> running = new HashSet<>();
  private final Map<UUID, Boolean> sent;

  RecentDeliveries(QueueSettings settings) {
    int size = settings.sentMemory();
    this.sent =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
            return size() > size;
          }
        };
  }

  /** Takes a delivery if nobody has it; whoever gets NEW ends it with {@link #end}. */
  synchronized State begin(UUID delivery) {
    if (sent.containsKey(delivery)) {
      return State.SENT;
    }
    return running.add(delivery) ? State.NEW : State.RUNNING;
  }

  synchronized void end(UUID delivery, boolean wentOut) {
    running.remove(delivery);
    if (wentOut) {
      sent.put(delivery, true);
    }
  }
}
