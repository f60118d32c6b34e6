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
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.operations.BulkRetry;
import shop.operations.DeskEntry;
import shop.operations.OperationsApplication;
import shop.operations.OperationsSettings;
import shop.operations.State;
import shop.operations.desk.Actions;
import shop.operations.desk.Desk;
import shop.operations.desk.Query;
import shop.operations.desk.Search;
import shop.operations.redrive.Decisions.Author;

/**
 * Sends many entries back at a steady rate. What it decides goes to the log entry by entry, on the
 * versions that were found at the start; if its instance dies, the rest stays as it was.
 */
@Component
public final class BulkRetries implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(BulkRetries.class);
  private static final int MOST_UNDER_WAY = 500;
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);

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

  /** What a filter finds among the entries that wait for a decision. */
  public record Found(List<DeskEntry> sendable, int skipped) {
    public int matched() {
      return sendable.size() + skipped;
    }
  }

  public Found find(Query query) {
    var waiting = search.all(query.in(State.FAILED));
    var sendable =
        waiting.stream().filter(entry -> Destinations.takesBack(entry.letter())).toList();
    return new Found(sendable, waiting.size() - sendable.size());
  }

  /**
   * Starts to send what was found.
   *
   * @param filter as it was asked for
   * @return the job; empty if Kafka did not take it, and nothing is sent
   * @throws TooMany if the instance has enough to do
   */
  public Optional<BulkRetry> start(
      Found found, Map<String, String> filter, int ratePerSecond, Author author)
      throws InterruptedException {
    if (running.incrementAndGet() > settings.maxJobs()) {
      running.decrementAndGet();
      throw new TooMany(settings.maxJobs());
    }
    boolean started = false;
    try {
      var id = UUID.randomUUID();
      var data =
          new Started(
              author.by(),
              author.reason(),
              filter,
              ratePerSecond,
              found.matched(),
              found.skipped());
      if (!append(Actions.BULK_STARTED, id, data)) {
        return Optional.empty();
      }
      Thread.ofVirtual()
          .name("bulk-retry-" + id)
          .start(() -> run(id, found, ratePerSecond, author));
      started = true;
      return desk.jobs().find(id);
    } finally {
      if (!started) {
        running.decrementAndGet();
      }
    }
  }

  /** Stops a job, wherever it runs; false if Kafka did not take that. */
  public boolean cancel(UUID id, UUID by) throws InterruptedException {
    return append(Actions.BULK_CANCELLED, id, new Cancelled(by));
  }

  private boolean append(String type, UUID job, Object data) throws InterruptedException {
    var record =
        Envelope.of(type, OperationsApplication.NAME, job.toString(), clock.instant())
            .record(Topics.DEAD_LETTER_ACTIONS.name(), data);
    try {
      return decisions.awaitRead(decisions.append(record).get().getRecordMetadata());
    } catch (ExecutionException e) {
      log.warn("Kafka did not take a decision about the bulk retry {}", job, e);
      return false;
    }
  }

  private void run(UUID id, Found found, int ratePerSecond, Author author) {
    try {
      log.info("Bulk retry {} sends {} entries", id, found.sendable().size());
      var pace = new Pacer(ratePerSecond, System.nanoTime());
      var left = found.sendable();
      while (!left.isEmpty()) {
        left = send(id, left, author, pace);
        if (!left.isEmpty()) {
          // A request that was appended after all loses against itself.
          Thread.sleep(AFTER_A_FAILURE);
        }
      }
      log.info("Bulk retry {} has ended", id);
    } catch (InterruptedException e) {
      log.warn("Bulk retry {} was interrupted", id, e);
    } finally {
      running.decrementAndGet();
    }
  }

  /** The entries whose requests Kafka did not acknowledge. */
  private List<DeskEntry> send(UUID id, List<DeskEntry> entries, Author author, Pacer pace)
      throws InterruptedException {
    var failed = new ConcurrentLinkedQueue<DeskEntry>();
    var underWay = new Semaphore(MOST_UNDER_WAY);
    for (var entry : entries) {
      Thread.sleep(Duration.ofNanos(pace.next(System.nanoTime())));
      if (stopping || desk.jobs().isCancelled(id)) {
        return List.of();
      }
      underWay.acquire();
      var _ =
          decisions
              .append(decisions.retryOf(entry, author, id))
              .whenComplete((_, failure) -> {
                if (failure != null) {
                  failed.add(entry);
                }
                underWay.release();
              });
    }
    underWay.acquire(MOST_UNDER_WAY);
    return new ArrayList<>(failed);
  }

  /** Stops sending; what was not sent stays as it was. */
  @Override
  public void destroy() {
    stopping = true;
  }

  /** The instance runs as many bulk retries as it may. */
  public static final class TooMany extends RuntimeException {
    TooMany(int most) {
      super("%d bulk retries run here already; wait for one to end, or cancel one".formatted(most));
    }
  }

  /** Data of {@link Actions#BULK_STARTED}. */
  private record Started(
      UUID by,
      @Nullable String reason,
      Map<String, String> filter,
      int ratePerSecond,
      int matched,
      int skipped) {}

  /** Data of {@link Actions#BULK_CANCELLED}. */
  private record Cancelled(UUID by) {}
}
