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
import org.springframework.kafka.event.ConsumerStoppedEvent;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.RetryListener;
import org.springframework.util.backoff.ExponentialBackOff;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.deadletter.DeadLetterRecoverer;

/** What happens when the listener fails or its consumer dies. */
@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(ListenerConfiguration.class);

  private final ApplicationContext context;

  ListenerConfiguration(ApplicationContext context) {
    this.context = context;
  }

  /**
   * A failed batch is an outage, of RabbitMQ or Kafka: the container pauses its partitions, keeps
   * polling, and tries the batch again without end. The log is the buffer.
   */
  @Bean
  CommonErrorHandler commonErrorHandler(DeadLetterPublisher deadLetters, OutageSettings settings) {
    var backOff = new ExponentialBackOff(settings.firstPause().toMillis(), 2);
    backOff.setMaxInterval(settings.longestPause().toMillis());
    backOff.setJitter(settings.firstPause().toMillis() / 4);
    var handler = DeadLetterRecoverer.errorHandler(deadLetters, OrderListener.GROUP, backOff);
    handler.setRetryListeners(new Outage());
    return handler;
  }

  /** Says why the consumer waits. */
  private static final class Outage implements RetryListener {

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
      LOG.warn("{} events wait in the log, attempt {}: {}", count, attempt, String.valueOf(cause));
    }
  }

  /** An {@link Error} ends a consumer; nothing but a restart brings it back. */
  @EventListener
  void on(ConsumerStoppedEvent event) {
    if (event.getReason() != ConsumerStoppedEvent.Reason.NORMAL) {
      AvailabilityChangeEvent.publish(context, LivenessState.BROKEN);
    }
  }
}
