package shop.notification.queue;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * The deliveries that this instance is sending now, at most one a worker, or sent last, as many as
 * the settings say: their results may not be in the table yet. Messages are delivered at least
 * once; this makes duplicate mails rare, but does not rule them out.
 */
@Component
final class RecentDeliveries {

  /** The state of a delivery on this instance. */
  enum State {
    /** Not sent recently and not in progress; the caller now sends it. */
    NEW,
    /** Another worker is sending it. */
    IN_PROGRESS,
    /** It was sent. */
    SENT
  }

  private final Set<UUID> inProgress = new HashSet<>();
  private final Map<UUID, Boolean> sent;

  RecentDeliveries(QueueSettings settings) {
    int size = settings.recentDeliveries();
    this.sent =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
            return size() > size;
          }
        };
  }

  /**
   * Marks a delivery as in progress if it is new; a caller that gets NEW must then call {@link
   * #end}.
   */
  synchronized State begin(UUID delivery) {
    if (sent.containsKey(delivery)) {
      return State.SENT;
    }
    return inProgress.add(delivery) ? State.NEW : State.IN_PROGRESS;
  }

  synchronized void end(UUID delivery, boolean wasSent) {
    inProgress.remove(delivery);
    if (wasSent) {
      sent.put(delivery, true);
    }
  }
}
