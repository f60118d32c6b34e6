package shop.common.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import shop.common.lifecycle.Phases;

/**
 * Starts, supervises and stops a Kafka Streams application with exactly-once processing. It leaves
 * its consumer group when it stops, so that its partitions are reassigned at once. A failure that
 * is not recoverable marks the service as not live.
 */
public abstract class StreamsApplication implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(StreamsApplication.class);

  private final String id;
  private final KafkaProperties kafka;
  private final KafkaSettings topics;
  private final Duration sessionTimeout;
  private final ApplicationEventPublisher events;
  private volatile @Nullable KafkaStreams streams;
  private volatile boolean hasRun;

  /**
   * An application that starts with the service.
   *
   * @param id its consumer group, and the prefix of its internal topics
   * @param sessionTimeout after which the partitions of a killed instance are reassigned; 10 s at
   *     most
   */
  protected StreamsApplication(
      String id,
      KafkaProperties kafka,
      KafkaSettings topics,
      Duration sessionTimeout,
      ApplicationEventPublisher events) {
    this.id = id;
    this.sessionTimeout = sessionTimeout;
    this.kafka = kafka;
    this.topics = topics;
    this.events = events;
  }

  /** The application's topology. */
  protected abstract Topology topology();

  /** Settings of this application; they override those that all applications share. */
  protected abstract Map<String, Object> settings();

  /** How long it may take to finish its work when it stops. */
  protected abstract Duration closeTimeout();

  /** True if the failed thread is to be replaced; false if the service must be restarted. */
  protected abstract boolean isRecoverable(Throwable failure);

  /** True from the first time it is running until it is stopped or fails unrecoverably. */
  public final boolean isWorking() {
    return hasRun && state().isRunningOrRebalancing();
  }

  protected final KafkaStreams.State state() {
    var current = streams;
    return current == null ? KafkaStreams.State.NOT_RUNNING : current.state();
  }

  @Override
  public final void start() {
    var started = new KafkaStreams(topology(), new StreamsConfig(config()));
    started.setStateListener((state, _) -> hasRun |= state == KafkaStreams.State.RUNNING);
    started.setUncaughtExceptionHandler(this::onFailure);
    streams = started;
    started.start();
  }

  private Map<String, Object> config() {
    Map<String, Object> all = new HashMap<>(kafka.buildStreamsProperties());
    all.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
    all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    all.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, topics.replicationFactor());
    all.put(
        StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
        topics.minInsyncReplicas());
    all.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        millis(sessionTimeout));
    all.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        millis(sessionTimeout.dividedBy(5)));
    all.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    all.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Topic.MAX_MESSAGE_BYTES);
    all.put(
        StreamsConfig.producerPrefix(ProducerConfig.PARTITIONER_CLASS_CONFIG),
        DeclaredPartitioner.class);
    all.putAll(settings());
    return all;
  }

  private static int millis(Duration time) {
    return Math.toIntExact(time.toMillis());
  }

  private StreamThreadExceptionResponse onFailure(Throwable failure) {
    if (isRecoverable(failure)) {
      log.error("A stream thread of {} failed; replacing it", id, failure);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    log.error(
        "{} failed with an unrecoverable error and is shut down; the service must be restarted",
        id,
        failure);
    AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  @Override
  public final void stop() {
    var current = streams;
    if (current != null
        && !current.close(
            CloseOptions.timeout(closeTimeout())
                .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP))) {
      log.warn("{} did not stop within {}; its uncommitted work is aborted", id, closeTimeout());
    }
    streams = null;
    hasRun = false;
  }

  @Override
  public final boolean isRunning() {
    return streams != null;
  }

  @Override
  public final int getPhase() {
    return Phases.CONSUMERS;
  }
}
