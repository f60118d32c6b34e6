package shop.order.projection;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import shop.common.kafka.Topics;
import shop.common.lifecycle.FailureBudget;
import shop.common.lifecycle.Phases;
import shop.order.ConsumerGroups;
import shop.order.archive.ArchiveUnavailable;
import shop.order.redis.Epoch;
import shop.order.redis.RedisUnavailable;
import shop.order.store.ApplyResult;
import shop.order.store.Positions;

/**
 * Reads the log for the projector. It starts at the positions that are stored in Redis, whenever
 * partitions are assigned and after every failure; Kafka's group offsets say only up to where dead
 * letters and the outcomes of redrives have been reported.
 */
@Component("projection")
class ProjectionConsumer implements SmartLifecycle, HealthIndicator {

  private static final Logger log = LoggerFactory.getLogger(ProjectionConsumer.class);
  private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
  private static final Duration POLL_TIMEOUT_DURING_REBUILD = Duration.ofMillis(50);
  private static final Duration POLL_TIMEOUT_WHILE_APPLYING = Duration.ofMillis(10);

  /** At most two polls are being applied at once, and Redis has 2 s for both. */
  private static final int MAX_POLL_RECORDS = 500;

  /** Failures of unknown cause within the window after which the service must be restarted. */
  private static final int MAX_UNEXPECTED_FAILURES = 10;

  private static final Duration FAILURE_WINDOW = Duration.ofMinutes(10);

  private static final List<String> TOPICS =
      List.of(Topics.ORDERS.name(), Topics.CATALOG.name(), Topics.ORDER_REDRIVE.name());

  private final KafkaProperties kafka;
  private final OrderProjector projector;
  private final ReportedOutcomes reported;
  private final Positions positions;
  private final Epoch epoch;
  private final ApplicationEventPublisher events;
  private final RandomGenerator random;
  private final FailureBudget unexpected;
  private volatile boolean running;
  private final Map<TopicPartition, Long> nextOffsets = new HashMap<>();
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private OrderProjector.@Nullable SentBatches sent;
  private long markersSkippedNanos;

  /** Whether Redis is empty, or being loaded: nothing can be applied. */
  private boolean waitingForLoad;

  private @Nullable Thread thread;

  ProjectionConsumer(
      KafkaProperties kafka,
      OrderProjector projector,
      ReportedOutcomes reported,
      Positions positions,
      Epoch epoch,
      ApplicationEventPublisher events,
      RandomGenerator random,
      Clock clock) {
    this.kafka = kafka;
    this.projector = projector;
    this.reported = reported;
    this.positions = positions;
    this.epoch = epoch;
    this.events = events;
    this.random = random;
    this.unexpected = new FailureBudget(MAX_UNEXPECTED_FAILURES, FAILURE_WINDOW, clock);
  }

  @Override
  public void start() {
    Map<String, Object> settings = kafka.buildConsumerProperties();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, ConsumerGroups.ORDER_VIEW);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
    running = true;
    thread = Thread.ofPlatform().name("projection").start(() -> run(settings));
  }

  private void run(Map<String, Object> settings) {
    try {
      while (running) {
        try (var kafkaConsumer = new KafkaConsumer<byte[], byte[]>(settings)) {
          consumer = kafkaConsumer;
          kafkaConsumer.subscribe(TOPICS, new SeekToPositions(kafkaConsumer));
          while (running) {
            pollAndSend(kafkaConsumer);
          }
        } catch (WakeupException e) {
          log.debug("The consumer of order-view was stopped", e);
        } catch (RuntimeException e) {
          if (!isOfABroker(e) && !unexpected.recordFailure()) {
            throw e;
          }
          // A consumer that failed during a fetch may wait without end for the rest of it.
          log.warn("The consumer of order-view failed; recreating it", e);
          awaitSent();
          pause();
        }
      }
    } catch (RuntimeException | Error e) {
      log.error("The consumer of order-view died; the service must be restarted", e);
      AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
      throw e;
    } finally {
      awaitSent();
      running = false;
    }
  }

  /** True if a broker or Redis is unavailable; anything else would fail again in the same way. */
  private static boolean isOfABroker(RuntimeException e) {
    return e instanceof KafkaException
        || e instanceof RedisUnavailable
        || e instanceof CompletionException
        // A dead letter or an outcome was not acknowledged.
        || e instanceof IllegalStateException;
  }

  private void pollAndSend(KafkaConsumer<byte[], byte[]> kafkaConsumer) {
    try {
      var records = kafkaConsumer.poll(pollTimeout());
      if (waitingForLoad) {
        if (positions.exist()) {
          seekToPositions(kafkaConsumer);
        }
        return;
      }
      var previous = sent;
      sent = records.isEmpty() ? null : projector.send(records, nextOffsets);
      if (previous != null) {
        previous.await();
        reported.commit(kafkaConsumer);
      }
      if (!epoch.isOpen() && sent == null) {
        seekIfRedisIsBehind(kafkaConsumer);
        skipTransactionMarkers(kafkaConsumer);
      } else if (epoch.isOpen()
          && System.nanoTime() - markersSkippedNanos > POLL_TIMEOUT.toNanos()) {
        skipTransactionMarkers(kafkaConsumer);
      }
    } catch (OrderProjector.PositionMismatch e) {
      log.warn("{}; reading again from the positions in Redis", e.getMessage());
      if (e.needsOperator()) {
        pause();
      }
      seekToPositions(kafkaConsumer);
    } catch (ArchiveUnavailable e) {
      log.warn("A redriven adjustment waits for PostgreSQL: {}", e.getMessage());
      pause();
      seekToPositions(kafkaConsumer);
    } catch (RedisUnavailable | CompletionException e) {
      if (RedisUnavailable.isFull(e)) {
        closeFullRedis();
      } else {
        log.warn("Cannot apply the log to Redis; reading again from the positions in Redis", e);
      }
      pause();
      seekToPositions(kafkaConsumer);
    }
  }

  /** Reads would still work, and show orders as they were when Redis became full. */
  private void closeFullRedis() {
    try {
      if (epoch.isOpen()) {
        log.error("Redis is full, so the view cannot follow the log; closing Redis");
      }
      epoch.close();
    } catch (RedisUnavailable e) {
      log.warn("Cannot close Redis; the next batch tries again: {}", e.getMessage());
    }
  }

  /** Short while Redis applies the previous batches, so that their results are not delayed. */
  private Duration pollTimeout() {
    if (sent != null) {
      return POLL_TIMEOUT_WHILE_APPLYING;
    }
    return epoch.isOpen() ? POLL_TIMEOUT : POLL_TIMEOUT_DURING_REBUILD;
  }

  /** Detects that Redis was emptied or rewound, even if no further record arrives. */
  private void seekIfRedisIsBehind(KafkaConsumer<byte[], byte[]> kafkaConsumer) {
    var stored = positions.of(kafkaConsumer.assignment());
    if (stored.entrySet().stream()
        .anyMatch(entry -> entry.getValue() < nextOffset(entry.getKey()))) {
      seekToPositions(kafkaConsumer);
    }
  }

  /**
   * Moves the positions past transaction markers, which are no records: the last offset of the log
   * may be one.
   */
  private void skipTransactionMarkers(KafkaConsumer<byte[], byte[]> kafkaConsumer) {
    markersSkippedNanos = System.nanoTime();
    List<CompletableFuture<ApplyResult>> results = new ArrayList<>();
    for (var partition : kafkaConsumer.assignment()) {
      long next = kafkaConsumer.position(partition);
      if (next > nextOffset(partition)) {
        var markers = positions.batchFrom(partition, nextOffset(partition));
        markers.extendTo(next);
        results.add(markers.apply());
        nextOffsets.put(partition, next);
      }
    }
    if (!results.isEmpty()) {
      positions.flush();
      if (results.stream().map(CompletableFuture::join).anyMatch(result -> !result.isApplied())) {
        seekToPositions(kafkaConsumer);
      }
    }
  }

  private long nextOffset(TopicPartition partition) {
    return nextOffsets.getOrDefault(partition, 0L);
  }

  /**
   * Seeks to the positions in Redis; reads nothing while there are none. Waits for Redis, without
   * which nothing can be applied.
   */
  private void seekToPositions(KafkaConsumer<byte[], byte[]> kafkaConsumer) {
    awaitSent();
    while (running) {
      try {
        nextOffsets.clear();
        if (!positions.exist()) {
          if (!waitingForLoad) {
            log.info("Redis is empty; waiting until it is loaded");
          }
          waitingForLoad = true;
          kafkaConsumer.pause(kafkaConsumer.assignment());
          return;
        }
        waitingForLoad = false;
        kafkaConsumer.resume(kafkaConsumer.assignment());
        nextOffsets.putAll(positions.of(kafkaConsumer.assignment()));
        nextOffsets.forEach(
            (partition, next) -> kafkaConsumer.seek(partition, reported.readFrom(partition, next)));
        reported.markReread();
        return;
      } catch (RedisUnavailable e) {
        log.warn("Cannot read the positions from Redis; trying again: {}", e.getMessage());
        pause();
      }
    }
  }

  /** Waits for the sent batches; those that are not applied are read again. */
  private void awaitSent() {
    var previous = sent;
    sent = null;
    if (previous != null) {
      try {
        previous.await();
      } catch (RuntimeException e) {
        log.debug("Not all sent batches are applied", e);
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100 + random.nextInt(200));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    running = false;
    var kafkaConsumer = consumer;
    if (kafkaConsumer != null && thread != null) {
      kafkaConsumer.wakeup();
      try {
        thread.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Phases.CONSUMERS;
  }

  @Override
  public Health health() {
    return (running ? Health.up() : Health.down()).build();
  }

  private final class SeekToPositions implements ConsumerRebalanceListener {
    private final KafkaConsumer<byte[], byte[]> kafkaConsumer;

    SeekToPositions(KafkaConsumer<byte[], byte[]> kafkaConsumer) {
      this.kafkaConsumer = kafkaConsumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      awaitSent();
      reported.load(kafkaConsumer);
      seekToPositions(kafkaConsumer);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      log.debug("{} partitions were revoked; their positions are in Redis", partitions.size());
    }
  }
}
