package shop.order.placement;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.order.OrderId;
import shop.order.archive.Answer;
import shop.order.archive.ArchiveUnavailable;
import shop.order.archive.ArchivedOrders;
import shop.order.archive.PlacedRequest;
import shop.order.eviction.EvictionSettings;
import shop.order.store.Evictions;

/**
 * Looks up orders in PostgreSQL by the ids that idempotency keys stand for. While one query is in
 * progress, further look-ups wait for the next one, which takes all of them.
 */
@Component
class EarlierOrders {

  private static final int MAX_BATCH = 200;

  private final Evictions evictions;
  private final ArchivedOrders archive;
  private final Duration maxLag;
  private final Queue<Lookup> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean running = new AtomicBoolean();

  EarlierOrders(Evictions evictions, ArchivedOrders archive, EvictionSettings settings) {
    this.evictions = evictions;
    this.archive = archive;
    this.maxLag = settings.maxLag();
  }

  private record Lookup(OrderId id, CompletableFuture<Answer<Optional<PlacedRequest>>> result) {}

  /**
   * Begins to look up an order that was not in Redis; the result is empty if it was never placed.
   * It fails if PostgreSQL or Redis does not answer, or PostgreSQL is behind.
   */
  CompletableFuture<Answer<Optional<PlacedRequest>>> find(OrderId id) {
    var lookup = new Lookup(id, new CompletableFuture<>());
    waiting.add(lookup);
    start();
    return lookup.result();
  }

  private void start() {
    if (!waiting.isEmpty() && running.compareAndSet(false, true)) {
      Thread.startVirtualThread(this::run);
    }
  }

  private void run() {
    var batch = poll(MAX_BATCH);
    try {
      var answer = query(batch);
      var found = answer.value().stream().collect(toMap(PlacedRequest::id, Function.identity()));
      batch.forEach(lookup -> {
        var order = Optional.ofNullable(found.get(lookup.id()));
        lookup.result().complete(new Answer<>(order, answer.positions()));
      });
    } catch (RuntimeException e) {
      // Those that wait have waited for this query already, and the next one would fail as well.
      batch.addAll(poll(Integer.MAX_VALUE));
      batch.forEach(lookup -> lookup.result().completeExceptionally(e));
    } finally {
      running.set(false);
      start();
    }
  }

  private Answer<List<PlacedRequest>> query(List<Lookup> batch) {
    var evicted = evictions.evicted();
    var answer = archive.placed(batch.stream().map(Lookup::id).toList());
    var _ = answer.reaching(evicted::areReachedBy);
    if (archive.age().compareTo(maxLag) > 0) {
      throw new ArchiveUnavailable("PostgreSQL is behind by more than " + maxLag);
    }
    return answer;
  }

  private List<Lookup> poll(int limit) {
    List<Lookup> batch = new ArrayList<>();
    while (batch.size() < limit) {
      @Nullable Lookup next = waiting.poll();
      if (next == null) {
        break;
      }
      batch.add(next);
    }
    return batch;
  }
}
