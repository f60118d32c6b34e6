package shop.gateway.routing;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import shop.balancing.ServiceStatus;

/**
 * The instances of a service that drain, and when the event streams and WebSockets from them end:
 * each at a moment of its own, chosen at random between the beginning of the drain and its
 * deadline, so that their clients do not all connect to the others at once. Nothing is kept of a
 * stream that has ended.
 */
final class Drains {
  private final LongSupplier ticker;
  private final RandomGenerator random;
  private final Scheduler scheduler;
  private final Sinks.Many<String> changes = Sinks.many().multicast().directBestEffort();
  private volatile Map<String, Long> deadlines = Map.of();

  /**
   * Nothing drains.
   *
   * @param ticker nanoseconds of a monotonic clock
   */
  Drains(LongSupplier ticker, RandomGenerator random, Scheduler scheduler) {
    this.ticker = ticker;
    this.random = random;
    this.scheduler = scheduler;
  }

  /** Reports the instances as they are at a time. Called by one thread at a time. */
  void update(ServiceStatus status, long now) {
    var before = deadlines;
    var next = new HashMap<String, Long>();
    for (var instance : status.instances()) {
      var left = instance.drainsFor();
      if (left != null) {
        var id = instance.instance().id();
        next.put(id, deadline(before.get(id), left, now));
      }
    }
    if (next.equals(before)) {
      return;
    }
    deadlines = Map.copyOf(next);
    var changed = new HashSet<>(next.entrySet());
    changed.removeAll(before.entrySet());
    changed.forEach(drain -> changes.tryEmitNext(drain.getKey()));
    before.keySet().stream().filter(id -> !next.containsKey(id)).forEach(changes::tryEmitNext);
  }

  /** What is left never becomes negative, so a deadline that is over seems to move. */
  private static long deadline(@Nullable Long known, Duration left, long now) {
    return known != null && left.isZero() && known - now <= 0 ? known : now + left.toNanos();
  }

  /**
   * Completes when a stream from the instance is to end. A stream that begins after the deadline
   * does not end by it: no other instance could take it.
   */
  Mono<Void> endOfStream(String instance) {
    return Flux.merge(changes.asFlux().filter(instance::equals).map(_ -> true), Mono.just(false))
        .switchMap(isChange -> end(deadlines.get(instance), isChange))
        .next()
        .then();
  }

  private Mono<Long> end(@Nullable Long deadline, boolean isChange) {
    if (deadline == null) {
      return Mono.never();
    }
    long left = deadline - ticker.getAsLong();
    if (left <= 0) {
      return isChange ? Mono.just(0L) : Mono.never();
    }
    return Mono.delay(Duration.ofNanos(random.nextLong(left)), scheduler);
  }
}
