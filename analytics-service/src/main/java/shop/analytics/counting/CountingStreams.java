package shop.analytics.counting;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import shop.analytics.AnalyticsSettings;
import shop.common.kafka.KafkaSettings;
import shop.common.kafka.StreamsApplication;
import shop.common.lifecycle.FailureBudget;

/**
 * The Kafka Streams application that computes the figures. Failed threads are replaced until the
 * {@link FailureBudget} is exceeded; then it shuts down.
 */
@Component
public final class CountingStreams extends StreamsApplication {

  /** The application id: the consumer group and the prefix of internal topics. */
  static final String APPLICATION = OrderEventProcessor.SERVICE;

  private final AnalyticsSettings settings;
  private final Clock clock;
  private final FailureBudget failureBudget;

  CountingStreams(
      KafkaProperties kafka,
      KafkaSettings topics,
      AnalyticsSettings settings,
      Clock clock,
      ApplicationEventPublisher events) {
    super(APPLICATION, kafka, topics, settings.sessionTimeout(), events);
    this.settings = settings;
    this.clock = clock;
    this.failureBudget =
        new FailureBudget(settings.threadReplacements(), settings.replacementWindow(), clock);
  }

  @Override
  protected Topology topology() {
    return CountingTopology.with(clock);
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of(
        StreamsConfig.NUM_STREAM_THREADS_CONFIG,
        1,
        StreamsConfig.STATE_DIR_CONFIG,
        settings.stateDir().toString(),
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        settings.commitInterval().toMillis(),
        StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
        settings.cache().toBytes(),
        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG,
        RocksMemory.class,
        // Larger fetches, for slightly older figures: bytes, milliseconds.
        StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG),
        64 << 10,
        StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
        200);
  }

  @Override
  protected Duration closeTimeout() {
    return settings.closeTimeout();
  }

  @Override
  protected boolean isRecoverable(Throwable failure) {
    return failureBudget.recordFailure();
  }
}
