package shop.payment.messaging;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The records of this instance whose result is pending at the PSP, and since when. It has the
 * records that were polled from Kafka, at most {@code shop.payment.max-uncommitted} a partition.
 */
final class PendingResults {

  private final Map<RetryableRecord, Instant> since = new ConcurrentHashMap<>();

  /** Adds a record if its result is pending. */
  void add(RetryableRecord record) {
    var first = record.pendingSince();
    if (first != null) {
      since.put(record, first);
    }
  }

  void remove(RetryableRecord record) {
    since.remove(record);
  }

  /** The age of the oldest, in seconds; zero if there is none. */
  double oldestAge(Instant now) {
    return since.values().stream()
        .min(Instant::compareTo)
        .map(oldest -> Duration.between(oldest, now).toMillis() / 1000.0)
        .orElse(0.0);
  }
}
