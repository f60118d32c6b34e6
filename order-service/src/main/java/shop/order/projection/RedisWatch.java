package shop.order.projection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import shop.common.lifecycle.Phases;
import shop.order.OrderTimings;
import shop.order.projection.RebuildProgress.Phase;
import shop.order.redis.Epoch;
import shop.order.redis.Epoch.EpochState;
import shop.order.redis.RedisUnavailable;
import shop.order.store.InFlight;
import shop.order.store.Positions;

/**
 * Checks several times a second whether Redis still has the epoch that opened it. If Redis was
 * emptied, restarted or replaced, requests may not write until the projector has applied the log to
 * its end again; an empty Redis is loaded from PostgreSQL before. See docs/decisions/0010, 0022 and
 * 0054.
 */
@Component("redis-watch")
public class RedisWatch implements SmartLifecycle, HealthIndicator {

  private static final Logger log = LoggerFactory.getLogger(RedisWatch.class);
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final int CHECKS_PER_COMPARISON = 5;

  private final Epoch epoch;
  private final Positions positions;
  private final InFlight inFlight;
  private final OrderLogEnds logEnds;
  private final RedisLoader loader;
  private final ProjectionStall stall;
  private final OrderTimings settings;
  private final RebuildProgress progress;
  private final ApplicationEventPublisher events;
  private final Clock clock;
  private volatile boolean running;
  private volatile boolean wasOpen;
  private volatile boolean rebuildRequested;
  private @Nullable Thread thread;
  private @Nullable Wait wait;
  private final AtomicBoolean comparing = new AtomicBoolean();
  private int checks;
  private boolean kafkaUnavailable;

  RedisWatch(
      Epoch epoch,
      Positions positions,
      InFlight inFlight,
      OrderLogEnds logEnds,
      RedisLoader loader,
      ProjectionStall stall,
      OrderTimings settings,
      RebuildProgress progress,
      ApplicationEventPublisher events,
      Clock clock) {
    this.epoch = epoch;
    this.positions = positions;
    this.inFlight = inFlight;
    this.logEnds = logEnds;
    this.loader = loader;
    this.stall = stall;
    this.settings = settings;
    this.progress = progress;
    this.events = events;
    this.clock = clock;
  }

  /** Since when this instance waits for late commands; elapsed time, which no set clock changes. */
  private record Wait(String mark, long sinceNanos) {}

  /** The progress of the current rebuild. */
  public RebuildProgress progress() {
    return progress;
  }

  /** Empties Redis at the next check, so that it is rebuilt. */
  public void requestRebuild() {
    rebuildRequested = true;
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofPlatform().daemon().name("redis-watch").start(this::watch);
  }

  private void watch() {
    while (running) {
      try {
        check();
        kafkaUnavailable = false;
      } catch (RedisUnavailable e) {
        closed(e);
      } catch (KafkaException e) {
        if (!kafkaUnavailable) {
          log.warn(
              "Cannot read the end of the log; Redis stays closed until Kafka responds: {}",
              e.toString());
        }
        kafkaUnavailable = true;
      } catch (RuntimeException e) {
        log.error("Checking Redis failed unexpectedly; checking again", e);
      } catch (Error e) {
        log.error("The thread that checks Redis died; the service must be restarted", e);
        AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
        throw e;
      }
      pause();
    }
  }

  private void closed(RedisUnavailable failure) {
    if (!RedisUnavailable.isFull(failure)) {
      progress.enter(Phase.AWAY);
      log.warn("Redis is unavailable; reconnecting: {}", failure.getMessage());
      epoch.disconnect();
    } else if (progress.phase() != Phase.FULL) {
      progress.enter(Phase.FULL);
      log.error(
          "Redis is full; requests for orders get 503 until it has more memory (maxmemory) and the"
              + " projector has applied the log");
    }
  }

  private void check() {
    if (rebuildRequested) {
      rebuildRequested = false;
      log.warn("Emptying Redis on request of an admin; it is rebuilt");
      epoch.empty();
    }
    switch (epoch.check()) {
      case EpochState.Open() -> {
        progress.enter(Phase.OPEN);
        wait = null;
        wasOpen = true;
        if (++checks % CHECKS_PER_COMPARISON == 0 && comparing.compareAndSet(false, true)) {
          // On its own thread: a Kafka that does not respond must not delay the checks of Redis.
          Thread.ofVirtual().name("redis-against-log").start(this::compareWithLog);
        }
      }
      case EpochState.Registering() -> log.debug("Waiting until the registration is on disk");
      case EpochState.Closed closed -> reopen(closed);
    }
  }

  /**
   * Empties a Redis that is beyond the end of the log, as it was filled from another log; or that
   * has lost its positions, so that nothing can be applied.
   */
  private void compareWithLog() {
    try {
      // Positions first: the log may grow between the two queries, but never shrinks.
      var current = positions.of(logEnds.appliedPartitions());
      var ends = logEnds.ofApplied();
      if (positions.areLost()) {
        log.error("The positions in Redis were deleted; emptying Redis, which is then rebuilt");
        epoch.empty();
      } else if (current.entrySet().stream()
          .anyMatch(position -> position.getValue() > ends.getOrDefault(position.getKey(), 0L))) {
        log.error(
            "Redis is beyond the end of the log, which must have lost records; emptying Redis");
        epoch.empty();
      }
      stall.update(current, ends);
    } catch (RuntimeException e) {
      log.debug("Cannot compare Redis with the log; comparing again later", e);
    } finally {
      comparing.set(false);
    }
  }

  /** Waits until Redis holds all of the log, then opens it. */
  private void reopen(EpochState.Closed closed) {
    Instant now = clock.instant();
    if (wait == null || !wait.mark().equals(closed.mark())) {
      wait = new Wait(closed.mark(), System.nanoTime());
      stall.reset();
      log.warn(
          "Redis {}; requests for orders get 503 until Redis is rebuilt",
          closed.restarted() ? "was restarted or replaced" : "is empty, or was closed");
    }
    if (!loader.isLoaded(closed.mark())) {
      return;
    }
    if (!lateCommandsAreExcluded(closed.restarted(), wait, now)) {
      progress.enter(Phase.WAITING_FOR_LATE_COMMANDS);
      isApplied(logEnds.ofApplied());
      return;
    }
    progress.enter(Phase.READING);
    var commands = logEnds.ofCommands();
    while (running && !logEnds.areProcessed(commands)) {
      pause();
    }
    var ends = logEnds.ofApplied();
    while (running && !isApplied(ends)) {
      pause();
    }
    if (running && epoch.begin(closed.mark(), ends)) {
      log.info("Redis holds all of the log; requests for orders are served");
      check();
    }
  }

  private boolean isApplied(Map<TopicPartition, Long> ends) {
    var current = positions.of(ends.keySet());
    progress.update(current, ends);
    return Positions.haveReached(current, ends);
  }

  /**
   * True if no order or adjustment whose reservation Redis has lost can still reach the log. It may
   * be in flight from any instance; after its deadline it is ignored. There is no need to wait if
   * Redis still shows that no instance was writing, or if the log is empty.
   */
  private boolean lateCommandsAreExcluded(boolean restarted, Wait wait, Instant now) {
    if (System.nanoTime() - wait.sinceNanos() > settings.appendWindow().toNanos()) {
      return true;
    }
    if (!restarted) {
      return logEnds.ofApplied().values().stream().allMatch(end -> end == 0);
    }
    // Checked here as well, because Redis may have lost that this instance was writing.
    if (!inFlight.isEmpty(now)) {
      return false;
    }
    epoch.unregisterWriter();
    return !epoch.mayHaveWriters();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    running = false;
    if (thread != null) {
      try {
        thread.join(Duration.ofSeconds(3));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    unregister();
  }

  /** No command of this instance is in flight any more: the web server has stopped before. */
  private void unregister() {
    try {
      if (inFlight.isEmpty(clock.instant())) {
        epoch.unregisterWriter();
      }
    } catch (RedisUnavailable e) {
      log.info(
          "Redis stopped before this instance could unregister as a writer; the next rebuild waits"
              + " for late commands: {}",
          e.getMessage());
    }
    epoch.disconnect();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Phases.STORES;
  }

  /** Up after Redis was open for the first time; later outages are reported by 503 responses. */
  @Override
  public Health health() {
    return (wasOpen ? Health.up() : Health.outOfService())
        .withDetail("phase", progress.phase())
        .build();
  }
}
