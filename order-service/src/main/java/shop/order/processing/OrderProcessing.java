package shop.order.processing;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
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
import shop.common.kafka.KafkaSettings;

/**
 * Runs the order processor from start to stop. On stop it leaves its group, so that another
 * instance goes on at once.
 */
@Component("processing")
class OrderProcessing implements SmartLifecycle, HealthIndicator {

  private static final Logger log = LoggerFactory.getLogger(OrderProcessing.class);
  private static final Duration CLOSE = Duration.ofSeconds(8);
  private static final int LINGER_MILLIS = 100;

  private final KafkaProperties kafka;
  private final KafkaSettings topics;
  private final ProcessingSettings settings;
  private final Clock clock;
  private final ApplicationEventPublisher events;
  private @Nullable KafkaStreams streams;

  OrderProcessing(
      KafkaProperties kafka,
      KafkaSettings topics,
      ProcessingSettings settings,
      Clock clock,
      ApplicationEventPublisher events) {
    this.kafka = kafka;
    this.topics = topics;
    this.settings = settings;
    this.clock = clock;
    this.events = events;
  }

  @Override
  public void start() {
    var starting = new KafkaStreams(OrderTopology.build(clock), new StreamsConfig(config()));
    starting.setUncaughtExceptionHandler(this::onFailure);
    starting.start();
    streams = starting;
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new HashMap<>();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, OrderTopology.GROUP);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.getBootstrapServers());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbyReplicas());
    config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, topics.replicationFactor());
    config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
    config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksMemory.class);
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    // Commands and payments of one order may come in any order: nothing to wait for.
    config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    config.put(StreamsConfig.POLL_MS_CONFIG, 20);
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 2_000);
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // Nobody sees an event before its transaction is committed, and that sends what still lingers.
    config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), LINGER_MILLIS);
    return config;
  }

  /** A lost broker or a fenced thread passes; a thread that dies of anything else is replaced. */
  private StreamThreadExceptionResponse onFailure(Throwable failure) {
    if (failure instanceof Error) {
      log.error("The order processor died; the service must be restarted", failure);
      AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    log.error("A thread of the order processor failed and is replaced", failure);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  @Override
  public void stop() {
    if (streams != null) {
      streams.close(
          CloseOptions.timeout(CLOSE)
              .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
      streams = null;
    }
  }

  @Override
  public boolean isRunning() {
    return streams != null;
  }

  /** Between the catalog and the web server. */
  @Override
  public int getPhase() {
    return 1000;
  }

  @Override
  public Health health() {
    var state = streams == null ? KafkaStreams.State.NOT_RUNNING : streams.state();
    boolean up = state.isRunningOrRebalancing();
    return (up ? Health.up() : Health.outOfService()).withDetail("state", state).build();
  }
}
