package shop.order.processing;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import shop.common.kafka.KafkaSettings;
import shop.common.kafka.StreamsApplication;
import shop.common.lifecycle.FailureBudget;
import shop.order.ConsumerGroups;

/** Runs the order processor. */
@Component("processing")
class OrderStreams extends StreamsApplication implements HealthIndicator {

  private static final Duration CLOSE = Duration.ofSeconds(8);
  private static final int LINGER_MILLIS = 100;
  private static final int MAX_UNEXPECTED_FAILURES = 3;
  private static final Duration FAILURE_WINDOW = Duration.ofMinutes(10);

  private final ProcessingSettings settings;
  private final Clock clock;
  private final FailureBudget unexpected;

  OrderStreams(
      KafkaProperties kafka,
      KafkaSettings topics,
      ProcessingSettings settings,
      Clock clock,
      ApplicationEventPublisher events) {
    super(ConsumerGroups.ORDER_PROCESSOR, kafka, topics, settings.sessionTimeout(), events);
    this.settings = settings;
    this.clock = clock;
    this.unexpected = new FailureBudget(MAX_UNEXPECTED_FAILURES, FAILURE_WINDOW, clock);
  }

  @Override
  protected Topology topology() {
    return OrderTopology.build(clock);
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        settings.commitInterval().toMillis(),
        StreamsConfig.NUM_STREAM_THREADS_CONFIG,
        settings.threads(),
        StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG,
        settings.standbyReplicas(),
        StreamsConfig.STATE_DIR_CONFIG,
        settings.stateDirectory().toString(),
        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG,
        RocksTuning.class,
        StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
        0,
        // Commands and payments of one order may arrive in any order, so no task waits for input.
        StreamsConfig.MAX_TASK_IDLE_MS_CONFIG,
        StreamsConfig.MAX_TASK_IDLE_MS_DISABLED,
        StreamsConfig.POLL_MS_CONFIG,
        20,
        // Events become visible by the commit of their transaction, which flushes the producer.
        StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG),
        LINGER_MILLIS,
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        Math.toIntExact(settings.transactionTimeout().toMillis()));
  }

  @Override
  protected Duration closeTimeout() {
    return CLOSE;
  }

  /**
   * Recovers without limit from what brokers and disks cause, such as a lost broker or a fenced
   * thread; from other exceptions only if they are rare, because the same record would cause the
   * same one again; never from errors.
   */
  @Override
  protected boolean isRecoverable(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return switch (root) {
      case Error _ -> false;
      case KafkaException _ -> true;
      case RuntimeException _ -> unexpected.recordFailure();
      default -> true;
    };
  }

  @Override
  public Health health() {
    boolean up = state().isRunningOrRebalancing();
    return (up ? Health.up() : Health.outOfService()).withDetail("state", state()).build();
  }
}
