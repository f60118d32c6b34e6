package shop.analytics.counting;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import shop.analytics.AnalyticsSettings;
import shop.common.kafka.KafkaSettings;

/**
 * The running Streams application. It leaves its group when it stops, so that its partitions move
 * at once; a thread that fails too often breaks liveness.
 */
@Component
public final class Counting implements SmartLifecycle {

  /** The application's id: its group and the prefix of its topics. */
  static final String APPLICATION = OrderCounter.SERVICE;

  private static final Logger log = LoggerFactory.getLogger(Counting.class);

  private final KafkaProperties kafka;
  private final KafkaSettings topics;
  private final AnalyticsSettings settings;
  private final Clock clock;
  private final ApplicationEventPublisher events;
  private volatile @Nullable KafkaStreams streams;
  private volatile boolean ranOnce;

  Counting(
      KafkaProperties kafka,
      KafkaSettings topics,
      AnalyticsSettings settings,
      Clock clock,
      ApplicationEventPublisher events) {
    this.kafka = kafka;
    this.topics = topics;
    this.settings = settings;
    this.clock = clock;
    this.events = events;
  }

  /** True from the first assignment on, until it is stopped or has failed for good. */
  public boolean isWorking() {
    var current = streams;
    return current != null && ranOnce && current.state().isRunningOrRebalancing();
  }

  @Override
  public void start() {
    var started = new KafkaStreams(CountingTopology.with(clock), new StreamsConfig(properties()));
    var patience = new Patience(settings.threadReplacements(), settings.replacementWindow(), clock);
    started.setStateListener((now, _) -> ranOnce |= now == KafkaStreams.State.RUNNING);
    started.setUncaughtExceptionHandler(failure -> onFailure(failure, patience));
    streams = started;
    started.start();
  }

  private StreamThreadExceptionResponse onFailure(Throwable failure, Patience patience) {
    if (patience.bears()) {
      log.error("A counting thread failed and is replaced", failure);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    log.error("Counting failed too often and stops; the service must be restarted", failure);
    AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private Map<String, Object> properties() {
    Map<String, Object> all = new HashMap<>(kafka.buildStreamsProperties());
    all.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
    all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    all.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
    all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
    all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, settings.cache().toBytes());
    all.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, topics.replicationFactor());
    all.put(
        StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
        topics.minInsyncReplicas());
    // Figures may be a little older: bytes, milliseconds.
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), 64 << 10);
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 200);
    int session = (int) settings.sessionTimeout().toMillis();
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), session);
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), session / 4);
    return all;
  }

  @Override
  public void stop() {
    var current = streams;
    if (current != null) {
      boolean closed =
          current.close(
              CloseOptions.timeout(settings.closeTimeout())
                  .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
      if (!closed) {
        log.warn(
            "Counting did not stop within {}; its last work is undone", settings.closeTimeout());
      }
    }
    streams = null;
    ranOnce = false;
  }

  @Override
  public boolean isRunning() {
    return streams != null;
  }

  /** After the topics exist, before the web server. */
  @Override
  public int getPhase() {
    return 1;
  }
}
