package shop.order.projection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import shop.common.lifecycle.Phases;
import shop.order.OrderTimings;
import shop.order.projection.RebuildProgress.Phase;
import shop.order.store.Epoch;
import shop.order.store.InFlight;
import shop.order.store.Positions;
import shop.order.store.RedisUnavailable;

/**
 * Looks several times a second whether Redis is the one that was opened. If it was emptied,
 * restarted or replaced, requests do not write until the projector has brought it to the end of the
 * log again. See docs/decisions/0010.
 */
@Component("redis-watch")
public class RedisWatch implements SmartLifecycle, HealthIndicator {

  private static final Logger log = LoggerFactory.getLogger(RedisWatch.class);
  private static final Duration EVERY = Duration.ofMillis(200);
  private static final int LOOKS_PER_COMPARISON = 5;
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final Epoch epoch;
  private final Positions positions;
  private final InFlight inFlight;
  private final OrderLogEnds logEnds;
  private final ProjectionStall standstill;
  private final OrderTimings settings;
  private final Clock clock;
  private final RebuildProgress progress = new RebuildProgress();
  private volatile boolean running;
  private volatile boolean served;
  private volatile boolean rebuildAsked;
  private @Nullable Thread thread;
  private @Nullable Instant shutSince;
  private final AtomicBoolean comparing = new AtomicBoolean();
  private int looks;
  private boolean logAway;

  RedisWatch(
      Epoch epoch,
      Positions positions,
      InFlight inFlight,
      OrderLogEnds logEnds,
      ProjectionStall standstill,
      OrderTimings settings,
      Clock clock) {
    this.epoch = epoch;
    this.positions = positions;
    this.inFlight = inFlight;
    this.logEnds = logEnds;
    this.standstill = standstill;
    this.settings = settings;
    this.clock = clock;
  }

  /** Where a rebuild stands. */
  public RebuildProgress progress() {
    return progress;
  }

  /** Empties Redis at the next look, so that all of it comes anew from the log. */
  public void askForRebuild() {
    rebuildAsked = true;
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofPlatform().daemon().name("redis-watch").start(this::watch);
  }

  private void watch() {
    while (running) {
      try {
        look();
        logAway = false;
      } catch (RedisUnavailable e) {
        progress.enter(Phase.AWAY, clock.instant());
        log.warn("Redis: {}", e.getMessage());
        epoch.disconnect();
      } catch (KafkaException e) {
        if (!logAway) {
          log.warn("Kafka is away: {}", e.toString());
        }
        logAway = true;
      }
      pause();
    }
  }

  private void look() {
    if (rebuildAsked) {
      rebuildAsked = false;
      log.warn("Redis is emptied because an admin asks for it");
      epoch.empty();
    }
    switch (epoch.look()) {
      case Epoch.Found.Open() -> {
        progress.enter(Phase.OPEN, clock.instant());
        shutSince = null;
        served = true;
        if (++looks % LOOKS_PER_COMPARISON == 0 && comparing.compareAndSet(false, true)) {
          // Not here: a log that does not answer must not keep this from seeing that Redis is gone.
          Thread.ofVirtual().name("redis-against-log").start(this::compareWithTheLog);
        }
      }
      case Epoch.Found.Stale(var stale) -> reopen(Optional.of(stale));
      case Epoch.Found.Missing() -> reopen(Optional.empty());
    }
  }

  /** A Redis that knows more than the log belongs to a log that is no more. */
  private void compareWithTheLog() {
    try {
      // In this order: the log may grow in between, but never shrinks.
      var at = positions.of(logEnds.appliedPartitions());
      var ends = logEnds.ofApplied();
      if (at.entrySet().stream().anyMatch(p -> p.getValue() > ends.getOrDefault(p.getKey(), 0L))) {
        log.error(
            "Redis is beyond the end of the log, which must have lost records; it is emptied");
        epoch.empty();
      }
      standstill.compare(at, ends);
    } catch (RedisUnavailable | KafkaException e) {
      log.debug("Redis and the log are compared the next time", e);
    } finally {
      comparing.set(false);
    }
  }

  /** One look at how far Redis is; opens it if it holds all of the log. */
  private void reopen(Optional<String> stale) {
    Instant now = clock.instant();
    if (shutSince == null) {
      shutSince = now;
      standstill.forget();
      log.warn(
          "Redis {}; no orders are taken until it holds all of the log",
          stale.isPresent() ? "was restarted" : "is empty");
    }
    if (!lateCommandsAreOver(stale.isPresent(), shutSince, now)) {
      progress.enter(Phase.WAITING_FOR_LATE_COMMANDS, now);
      isApplied(logEnds.ofApplied());
      return;
    }
    progress.enter(Phase.READING, now);
    var commands = logEnds.ofCommands();
    while (running && !logEnds.isDecided(commands)) {
      pause();
    }
    var ends = logEnds.ofApplied();
    while (running && !isApplied(ends)) {
      pause();
    }
    if (running && epoch.begin(stale, ends)) {
      log.info("Redis holds all of the log again; orders are taken");
      look();
    }
  }

  private boolean isApplied(Map<TopicPartition, Long> ends) {
    var at = positions.of(ends.keySet());
    progress.read(at, ends);
    return Positions.reach(at, ends);
  }

  /**
   * An order whose reservation Redis has forgotten may still be on its way to the log, from any
   * instance; after its deadline it counts for nobody. Where Redis remembers who was writing, or
   * nothing was ever for sale, there is nothing to wait for.
   */
  private boolean lateCommandsAreOver(boolean restarted, Instant since, Instant now) {
    if (since.plus(settings.deadline()).plus(MARGIN).isBefore(now)) {
      return true;
    }
    if (!restarted) {
      return logEnds.ofApplied().values().stream().allMatch(end -> end == 0);
    }
    // Its own flights count even if Redis has forgotten that this instance was writing.
    if (!inFlight.isNone(now)) {
      return false;
    }
    epoch.leave();
    return !epoch.hasWriters();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(EVERY.toMillis());
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
    leave();
  }

  /** Nothing of this instance is on its way any more: the web server has stopped before. */
  private void leave() {
    try {
      if (inFlight.isNone(clock.instant())) {
        epoch.leave();
      }
    } catch (RedisUnavailable e) {
      log.info("Redis was away first; the next start waits for late commands");
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

  /** Ready once Redis was open; what comes later is answered with 503 and a time to repeat. */
  @Override
  public Health health() {
    return (served ? Health.up() : Health.outOfService())
        .withDetail("phase", progress.phase())
        .build();
  }
}
