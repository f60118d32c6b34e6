package shop.order.tracking;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import shop.common.problem.Problem;
import shop.common.security.Caller;

/**
 * Counts the open event streams of this instance by account, and refuses those above the limits.
 */
final class StreamQuota {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final TrackingSettings settings;
  private final Map<UUID, Integer> open = new HashMap<>();
  private int total;

  StreamQuota(TrackingSettings settings) {
    this.settings = settings;
  }

  /**
   * Counts one more stream of the caller.
   *
   * @throws Problem 429 if the caller has too many, 503 if all callers together have
   */
  synchronized void acquire(Caller caller) {
    int limit = caller.isAdmin() ? settings.maxStreamsPerAdmin() : settings.maxStreamsPerCustomer();
    if (open.getOrDefault(caller.id(), 0) >= limit) {
      throw Problem.of(HttpStatus.TOO_MANY_REQUESTS, "too-many-streams", "Too many event streams")
          .detail(
              "At most %d streams may be open at once; close one, or retry if they were just closed"
                  .formatted(limit))
          .retryAfter(RETRY_AFTER);
    }
    if (total >= settings.maxStreams()) {
      throw Problem.unavailable(
          "Too many event streams are open; poll the order instead, or retry later",
          settings.heartbeat());
    }
    open.merge(caller.id(), 1, Integer::sum);
    total++;
  }

  /** Counts one stream of the account less. */
  synchronized void release(UUID account) {
    open.computeIfPresent(account, (_, count) -> count == 1 ? null : count - 1);
    total--;
  }
}
