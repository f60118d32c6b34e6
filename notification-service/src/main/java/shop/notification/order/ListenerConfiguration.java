package shop.notification.order;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.event.ConsumerStoppedEvent;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.RetryListener;
import org.springframework.util.backoff.ExponentialBackOff;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.deadletter.DeadLetterRecoverer;
import shop.common.time.TimeLimits;

/** Error handling of the Kafka listener: retries with backoff, and liveness. */
@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(ListenerConfiguration.class);

  private final ApplicationContext context;

  ListenerConfiguration(ApplicationContext context) {
    this.context = context;
  }

  /**
   * A batch fails only if RabbitMQ or Kafka is unavailable. The container then pauses its
   * partitions, keeps polling and retries the batch without a limit. The topic buffers the events
   * meanwhile.
   */
  @Bean
  CommonErrorHandler commonErrorHandler(
      DeadLetterPublisher deadLetters,
      BackOffSettings settings,
      ConsumerFactory<byte[], byte[]> consumers) {
    TimeLimits.requireLonger(
        "the consumer's max.poll.interval.ms",
        TimeLimits.ofClient(
            consumers.getConfigurationProperties(), "max.poll.interval.ms", 300_000),
        "shop.notification.back-off.max-interval",
        settings.maxInterval());
    var backOff = new ExponentialBackOff(settings.initialInterval().toMillis(), 2);
    backOff.setMaxInterval(settings.maxInterval().toMillis());
    backOff.setJitter(settings.initialInterval().toMillis() / 4);
    var handler = DeadLetterRecoverer.errorHandler(deadLetters, OrderListener.GROUP, backOff);
    handler.setRetryListeners(new RetryLogger());
    return handler;
  }

  /** Logs each failed attempt and its cause. */
  private static final class RetryLogger implements RetryListener {

    @Override
    public void failedDelivery(ConsumerRecord<?, ?> record, @Nullable Exception e, int attempt) {
      log(1, e, attempt);
    }

    @Override
    public void failedDelivery(ConsumerRecords<?, ?> records, @Nullable Exception e, int attempt) {
      log(records.count(), e, attempt);
    }

    private static void log(int count, @Nullable Exception failure, int attempt) {
      @Nullable Throwable cause =
          failure == null || failure.getCause() == null ? failure : failure.getCause();
      LOG.warn(
          "Attempt {} to queue the deliveries of {} events failed; retrying after a pause: {}",
          attempt,
          count,
          String.valueOf(cause));
    }
  }

  /** An {@link Error} stops the consumer, and only a restart of the service starts it again. */
  @EventListener
  void on(ConsumerStoppedEvent event) {
    if (event.getReason() != ConsumerStoppedEvent.Reason.NORMAL) {
      AvailabilityChangeEvent.publish(context, LivenessState.BROKEN);
    }
  }
}
