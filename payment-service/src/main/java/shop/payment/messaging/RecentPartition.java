package shop.payment.messaging;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import shop.payment.LoggedEvent;

/**
 * The events of one partition of the log from an offset on. Each answer is given for one moment, so
 * an event that leaves meanwhile is never taken for one that does not exist. Thread-safe.
 */
final class RecentPartition {

  private final int capacity;
  private final Duration clockMargin;
  private final Deque<LoggedEvent> events = new ArrayDeque<>();
  private final Map<UUID, List<LoggedEvent>> byOrder = new HashMap<>();

  /** The first offset that is not missing here. */
  private long begin = Long.MAX_VALUE;

  /** No order that was placed then or later has an event below the beginning. */
  private Instant coveredFrom = Instant.MAX;

  /** The offset up to which PostgreSQL had the partition when it was last asked. */
  private long archived;

  private long droppedEarly;

  RecentPartition(int capacity, Duration clockMargin) {
    this.capacity = capacity;
    this.clockMargin = clockMargin;
  }

  /** Begins at the first record of the log: nothing is missing. */
  synchronized void beginAtStart(long offset) {
    begin = offset;
    coveredFrom = Instant.MIN;
  }

  /**
   * Begins at an offset.
   *
   * @param createdBefore all records below the offset have earlier timestamps
   */
  synchronized void beginAt(long offset, Instant createdBefore) {
    begin = offset;
    coveredFrom = createdBefore.plus(clockMargin);
  }

  synchronized long begin() {
    return begin;
  }

  synchronized int size() {
    return events.size();
  }

  /** How many events have left before PostgreSQL was known to have them. */
  synchronized long droppedEarly() {
    return droppedEarly;
  }

  /** Adds the next event; the oldest one leaves if there are too many. */
  synchronized void add(LoggedEvent event) {
    events.add(event);
    byOrder.computeIfAbsent(event.orderId(), _ -> new ArrayList<>(2)).add(event);
    while (events.size() > capacity) {
      if (events.getFirst().offset() >= archived) {
        droppedEarly++;
      }
      drop();
    }
  }

  /**
   * Lets go what PostgreSQL has and is old enough.
   *
   * @param next the offset up to which PostgreSQL has the partition, exclusive
   * @param createdBefore younger events stay
   */
  synchronized void release(long next, Instant createdBefore) {
    archived = next;
    while (!events.isEmpty()
        && events.getFirst().offset() < next
        && events.getFirst().createdAt().isBefore(createdBefore)) {
      drop();
    }
  }

  private void drop() {
    var event = events.removeFirst();
    byOrder.computeIfPresent(
        event.orderId(),
        (_, list) -> {
          list.removeFirst();
          return list.isEmpty() ? null : list;
        });
    begin = event.offset() + 1;
    Instant covered = event.createdAt().plusMillis(1).plus(clockMargin);
    coveredFrom = covered.isAfter(coveredFrom) ? covered : coveredFrom;
  }

  /**
   * All events of an order.
   *
   * @param placedAt when the order was placed; null if that is unknown
   * @return empty if there may have been earlier ones
   */
  synchronized Optional<List<LoggedEvent>> all(UUID orderId, @Nullable Instant placedAt) {
    boolean covered =
        coveredFrom.equals(Instant.MIN) || (placedAt != null && !placedAt.isBefore(coveredFrom));
    return covered ? Optional.of(events(orderId)) : Optional.empty();
  }

  /**
   * The events of an order from an offset on.
   *
   * @return empty if some may be missing, because the offset is below the beginning
   */
  synchronized Optional<List<LoggedEvent>> from(long offset, UUID orderId) {
    return offset < begin
        ? Optional.empty()
        : Optional.of(events(orderId).stream().filter(event -> event.offset() >= offset).toList());
  }

  private List<LoggedEvent> events(UUID orderId) {
    return List.copyOf(byOrder.getOrDefault(orderId, List.of()));
  }
}
