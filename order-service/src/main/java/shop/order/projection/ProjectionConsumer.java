package shop.order.projection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
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
import shop.common.lifecycle.Phases;
import shop.order.ConsumerGroups;
import shop.order.store.ApplyResult;
import shop.order.store.Epoch;
import shop.order.store.Positions;
import shop.order.store.RedisUnavailable;

/**
 * Reads the log for the projector. Where to read from is what Redis says, whenever partitions are
 * assigned and whenever anything failed; Kafka's group offsets are not used.
 */
@Component("projection")
class ProjectionConsumer implements SmartLifecycle, HealthIndicator {

  private static final Logger log = LoggerFactory.getLogger(ProjectionConsumer.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration SHORT_POLL = Duration.ofMillis(50);
  private static final Duration MOMENT = Duration.ofMillis(10);

  /** Records; two such batches are under way at most, and Redis has 2 s for all of them. */
  private static final int BATCH = 500;

  private static final List<String> TOPICS =
      List.of(Topics.ORDERS.name(), Topics.CATALOG.name(), Topics.ORDER_REDRIVE.name());

  private final KafkaProperties kafka;
  private final OrderProjector projector;
  private final Positions positions;
  private final Epoch epoch;
  private final ApplicationEventPublisher events;
  private volatile boolean running;
  private final Map<TopicPartition, Long> at = new HashMap<>();
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private OrderProjector.@Nullable Sent sent;
  private long marksPassed;
  private @Nullable Thread thread;

  ProjectionConsumer(
      KafkaProperties kafka,
      OrderProjector projector,
      Positions positions,
      Epoch epoch,
      ApplicationEventPublisher events) {
    this.kafka = kafka;
    this.projector = projector;
    this.positions = positions;
    this.epoch = epoch;
    this.events = events;
  }

  @Override
  public void start() {
    Map<String, Object> settings = kafka.buildConsumerProperties();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, ConsumerGroups.ORDER_VIEW);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH);
    running = true;
    thread = Thread.ofPlatform().name("projection").start(() -> run(settings));
  }

  private void run(Map<String, Object> settings) {
    try {
      while (running) {
        try (var reader = new KafkaConsumer<byte[], byte[]>(settings)) {
          consumer = reader;
          reader.subscribe(TOPICS, new SeekToPositions(reader));
          while (running) {
            read(reader);
          }
        } catch (WakeupException e) {
          log.debug("The projection was stopped", e);
        } catch (RuntimeException e) {
          // A reader that failed in the midst of something may wait for ever for the rest of it.
          log.warn("The projection's reader failed and is made anew", e);
          awaitSent();
          pause();
        }
      }
    } catch (Error e) {
      log.error("The projection died; the service must be restarted", e);
      AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
      throw e;
    } finally {
      awaitSent();
      running = false;
    }
  }

  private void read(KafkaConsumer<byte[], byte[]> reader) {
    try {
      var records = reader.poll(patience());
      var last = sent;
      sent = records.isEmpty() ? null : projector.send(records, at);
      if (last != null) {
        last.await();
      }
      if (!epoch.isOpen() && sent == null) {
        stepBack(reader);
        passMarks(reader);
      } else if (epoch.isOpen() && System.nanoTime() - marksPassed > POLL.toNanos()) {
        passMarks(reader);
      }
    } catch (OrderProjector.OutOfStep e) {
      log.warn("{}; reading again from where Redis is", e.getMessage());
      if (e.isLasting()) {
        pause();
      }
      recover(reader);
    } catch (RedisUnavailable | CompletionException e) {
      log.warn("The projection failed and reads again from where Redis is", e);
      pause();
      recover(reader);
    }
  }

  /** While Redis works on what was sent, what comes next is read. */
  private Duration patience() {
    if (sent != null) {
      return MOMENT;
    }
    return epoch.isOpen() ? POLL : SHORT_POLL;
  }

  /** Redis may have been emptied or rewound, and no record may ever come to show it. */
  private void stepBack(KafkaConsumer<byte[], byte[]> reader) {
    var stored = positions.of(reader.assignment());
    if (stored.entrySet().stream().anyMatch(entry -> entry.getValue() < at(entry.getKey()))) {
      recover(reader);
    }
  }

  /** Transactions end in marks that are no records: the end of the log may be behind one. */
  private void passMarks(KafkaConsumer<byte[], byte[]> reader) {
    marksPassed = System.nanoTime();
    List<CompletableFuture<ApplyResult>> passed = new ArrayList<>();
    for (var partition : reader.assignment()) {
      long next = reader.position(partition);
      if (next > at(partition)) {
        var marks = positions.from(partition, at(partition));
        marks.reach(next);
        passed.add(marks.apply());
        at.put(partition, next);
      }
    }
    if (!passed.isEmpty()) {
      positions.flush();
      if (passed.stream().map(CompletableFuture::join).anyMatch(ApplyResult.ELSEWHERE::equals)) {
        recover(reader);
      }
    }
  }

  private long at(TopicPartition partition) {
    return at.getOrDefault(partition, 0L);
  }

  /** Waits for Redis to say where to go on: without it nothing can be applied anyway. */
  private void recover(KafkaConsumer<byte[], byte[]> reader) {
    awaitSent();
    while (running) {
      try {
        at.clear();
        at.putAll(positions.of(reader.assignment()));
        at.forEach(reader::seek);
        return;
      } catch (RedisUnavailable e) {
        log.warn("Redis does not say its positions yet: {}", e.getMessage());
        pause();
      }
    }
  }

  /** What was applied is past, and is not read again; what was not will be. */
  private void awaitSent() {
    var last = sent;
    sent = null;
    if (last != null) {
      try {
        last.await();
      } catch (RuntimeException e) {
        log.debug("Not all that was sent is applied", e);
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100 + ThreadLocalRandom.current().nextInt(200));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    running = false;
    var reader = consumer;
    if (reader != null && thread != null) {
      reader.wakeup();
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
    private final KafkaConsumer<byte[], byte[]> reader;

    SeekToPositions(KafkaConsumer<byte[], byte[]> reader) {
      this.reader = reader;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      recover(reader);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      log.debug("{} partitions go elsewhere; their positions are in Redis", partitions.size());
    }
  }
}
