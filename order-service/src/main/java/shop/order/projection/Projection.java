package shop.order.projection;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
import shop.order.store.Positions;
import shop.order.store.RedisUnavailable;

/**
 * Reads the log for the projector. Where to read from is what Redis says, whenever partitions are
 * assigned and whenever anything failed; Kafka's group offsets are not used.
 */
@Component("projection")
class Projection implements SmartLifecycle, HealthIndicator {

  private static final Logger log = LoggerFactory.getLogger(Projection.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final List<String> TOPICS =
      List.of(Topics.ORDERS.name(), Topics.CATALOG.name(), Topics.ORDER_REDRIVE.name());

  private final KafkaProperties kafka;
  private final OrderProjector projector;
  private final Positions positions;
  private final ApplicationEventPublisher events;
  private volatile boolean running;
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private @Nullable Thread thread;

  Projection(
      KafkaProperties kafka,
      OrderProjector projector,
      Positions positions,
      ApplicationEventPublisher events) {
    this.kafka = kafka;
    this.projector = projector;
    this.positions = positions;
    this.events = events;
  }

  @Override
  public void start() {
    Map<String, Object> settings = kafka.buildConsumerProperties();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, OrderProjector.GROUP);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1000);
    var reader = new KafkaConsumer<byte[], byte[]>(settings);
    consumer = reader;
    running = true;
    thread = Thread.ofPlatform().name("projection").start(() -> run(reader));
  }

  private void run(KafkaConsumer<byte[], byte[]> reader) {
    try (reader) {
      reader.subscribe(TOPICS, new SeekToPositions(reader));
      while (running) {
        read(reader);
      }
    } catch (WakeupException e) {
      log.debug("The projection was stopped", e);
    } catch (Error e) {
      log.error("The projection died; the service must be restarted", e);
      AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
      throw e;
    } finally {
      running = false;
    }
  }

  private void read(KafkaConsumer<byte[], byte[]> reader) {
    try {
      var records = reader.poll(POLL);
      for (var partition : records.partitions()) {
        projector.apply(records.records(partition));
      }
    } catch (WakeupException e) {
      throw e;
    } catch (RuntimeException e) {
      log.warn("The projection failed and reads again from where Redis is", e);
      pause();
      recover(reader);
    }
  }

  /** Waits for Redis to say where to go on: without it nothing can be applied anyway. */
  private void recover(KafkaConsumer<byte[], byte[]> reader) {
    while (running) {
      try {
        positions.of(reader.assignment()).forEach(reader::seek);
        return;
      } catch (RedisUnavailable e) {
        log.warn("Redis does not say its positions yet: {}", e.getMessage());
        pause();
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

  /** Between the catalog and the web server. */
  @Override
  public int getPhase() {
    return 1000;
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
