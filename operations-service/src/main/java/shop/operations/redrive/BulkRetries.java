package shop.operations.redrive;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.operations.BulkRetry;
import shop.operations.OperationsApplication;
import shop.operations.OperationsSettings;
import shop.operations.State;
import shop.operations.desk.Actions;
import shop.operations.desk.Desk;
import shop.operations.desk.EntryQuery;
import shop.operations.desk.EntryVersion;
import shop.operations.desk.Search;
import shop.operations.redrive.Decisions.Author;

/**
 * Retries many entries at a steady rate: appends one retry request per entry to the log, for the
 * version that was found at the start. If the instance dies, the remaining entries are unchanged.
 */
@Component
public final class BulkRetries implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(BulkRetries.class);
  private static final int MAX_IN_FLIGHT = 500;
  private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
  private static final Duration CANCELLATION_INTERVAL = Duration.ofMillis(200);

  private final Decisions decisions;
  private final Search search;
  private final Desk desk;
  private final OperationsSettings settings;
  private final Clock clock;
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean stopping;

  BulkRetries(
      Decisions decisions, Search search, Desk desk, OperationsSettings settings, Clock clock) {
    this.decisions = decisions;
    this.search = search;
    this.desk = desk;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * The entries that wait for a decision and match a filter.
   *
   * @param skipped how many more match, but belong to services that accept no redrives
   */
  public record Selection(List<EntryVersion> retryable, int skipped) {
    public int matched() {
      return retryable.size() + skipped;
    }
  }

  /** The selection of a filter; empty if it matches more entries than a bulk retry may have. */
  public Optional<Selection> select(EntryQuery query) {
    var waiting = search.versions(query.in(State.FAILED), settings.maxBulkEntries() + 1);
    if (waiting.size() > settings.maxBulkEntries()) {
      return Optional.empty();
    }
    var retryable =
        waiting.stream().filter(entry -> Destinations.acceptsRedrives(entry.service())).toList();
    return Optional.of(new Selection(retryable, waiting.size() - retryable.size()));
  }

  /**
   * Starts a bulk retry of selected entries.
   *
   * @param filter that selected them, as it was requested
   * @return empty if Kafka did not confirm the start in time; then no entry is retried
   * @throws TooManyBulkRetries if the instance runs the maximum number already
   */
  public Optional<BulkRetry> start(
      Selection selection, Map<String, String> filter, int ratePerSecond, Author author)
      throws InterruptedException {
    if (running.incrementAndGet() > settings.maxBulkRetries()) {
      running.decrementAndGet();
      throw new TooManyBulkRetries(settings.maxBulkRetries());
    }
    boolean started = false;
    try {
      var id = UUID.randomUUID();
      var data =
          new StartedData(
              author.admin(),
              author.reason(),
              filter,
              ratePerSecond,
              selection.matched(),
              selection.skipped());
      if (!append(Actions.BULK_STARTED, id, data)) {
        return Optional.empty();
      }
      Thread.ofVirtual()
          .name("bulk-retry-" + id)
          .start(() -> run(id, selection, ratePerSecond, author));
      started = true;
      return desk.bulkRetries().find(id);
    } finally {
      if (!started) {
        running.decrementAndGet();
      }
    }
  }

  /** Cancels a bulk retry on whichever instance runs it; false if Kafka did not confirm in time. */
  public boolean cancel(UUID id, UUID by) throws InterruptedException {
    return append(Actions.BULK_CANCELLED, id, new CancelledData(by));
  }

  private boolean append(String type, UUID id, Object data) throws InterruptedException {
    var record =
        Envelope.of(type, OperationsApplication.NAME, id.toString(), clock.instant())
            .record(Topics.DEAD_LETTER_ACTIONS.name(), data);
    try {
      return decisions.awaitApplied(decisions.append(record).get().getRecordMetadata());
    } catch (ExecutionException e) {
      log.warn("Kafka did not acknowledge {} of bulk retry {}", type, id, e);
      return false;
    }
  }

  private void run(UUID id, Selection selection, int ratePerSecond, Author author) {
    try {
      log.info(
          "Bulk retry {} started: {} entries at {}/s",
          id,
          selection.retryable().size(),
          ratePerSecond);
      var pacer = new Pacer(ratePerSecond, System.nanoTime());
      var remaining = selection.retryable();
      while (!remaining.isEmpty()) {
        remaining = send(id, remaining, author, pacer);
        if (!remaining.isEmpty()) {
          // If an unacknowledged request was appended after all, the second one has no effect.
          Thread.sleep(RETRY_DELAY);
        }
      }
      log.info("Bulk retry {} has ended on this instance", id);
    } catch (InterruptedException e) {
      log.warn("Bulk retry {} was interrupted; the remaining entries are unchanged", id, e);
    } finally {
      running.decrementAndGet();
    }
  }

  /** Appends the requests and returns the entries whose requests Kafka did not acknowledge. */
  private List<EntryVersion> send(UUID id, List<EntryVersion> entries, Author author, Pacer pacer)
      throws InterruptedException {
    var failed = new ConcurrentLinkedQueue<EntryVersion>();
    var inFlight = new Semaphore(MAX_IN_FLIGHT);
    var cancellation = new Cancellation(id);
    for (var entry : entries) {
      Thread.sleep(Duration.ofNanos(pacer.delay(System.nanoTime())));
      if (stopping || cancellation.isCancelled()) {
        return List.of();
      }
      inFlight.acquire();
      var _ =
          decisions
              .append(decisions.retryRequest(entry, author, id))
              .whenComplete((_, failure) -> {
                if (failure != null) {
                  failed.add(entry);
                }
                inFlight.release();
              });
    }
    inFlight.acquire(MAX_IN_FLIGHT);
    return new ArrayList<>(failed);
  }

  /** Whether a bulk retry was cancelled, asked for at an interval. */
  private final class Cancellation {

    private final UUID id;
    private long nextCheck = System.nanoTime();

    Cancellation(UUID id) {
      this.id = id;
    }

    boolean isCancelled() {
      if (System.nanoTime() < nextCheck) {
        return false;
      }
      nextCheck = System.nanoTime() + CANCELLATION_INTERVAL.toNanos();
      try {
        return desk.bulkRetries().isCancelled(id);
      } catch (DataAccessException e) {
        log.debug("It is unknown whether the bulk retry {} was cancelled", id, e);
        return false;
      }
    }
  }

  /** Stops sending; the remaining entries are unchanged. */
  @Override
  public void destroy() {
    stopping = true;
  }

  /** The instance runs the maximum number of bulk retries. */
  public static final class TooManyBulkRetries extends RuntimeException {
    TooManyBulkRetries(int max) {
      super(
          ("This instance already runs %d bulk retries, the maximum."
                  + " Wait until one has ended, or cancel one")
              .formatted(max));
    }
  }

  /** Data of {@link Actions#BULK_STARTED}. */
  private record StartedData(
      UUID by,
      @Nullable String reason,
      Map<String, String> filter,
      int ratePerSecond,
      int matched,
      int skipped) {}

  /** Data of {@link Actions#BULK_CANCELLED}. */
  private record CancelledData(UUID by) {}
}
