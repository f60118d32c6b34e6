package shop.operations.redrive;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.event.ConsumerStoppedEvent;
import org.springframework.kafka.listener.DefaultAfterRollbackProcessor;
import org.springframework.util.backoff.FixedBackOff;
import shop.operations.OperationsSettings;

/**
 * The redriver's listener container: one transaction per batch, retried without limit until it
 * commits, because a decision is logged once and its redrive must not be lost.
 */
@Configuration(proxyBeanMethods = false)
class RedriveConfiguration {

  /** Large, because each transaction has to wait until the previous one has ended. */
  private static final int MAX_BATCH_RECORDS = 1000;

  @Bean
  ConcurrentKafkaListenerContainerFactory<byte[], byte[]> redriverContainers(
      KafkaProperties kafka, RedriveProducer producer, OperationsSettings settings) {
    var consumer = kafka.buildConsumerProperties();
    consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_BATCH_RECORDS);
    var factory = new ConcurrentKafkaListenerContainerFactory<byte[], byte[]>();
    factory.setConsumerFactory(new DefaultKafkaConsumerFactory<>(consumer));
    factory.setBatchListener(true);
    factory.getContainerProperties().setKafkaAwareTransactionManager(producer.transactions());
    factory.setAfterRollbackProcessor(
        new DefaultAfterRollbackProcessor<>(
            new FixedBackOff(settings.redriveRetry().toMillis(), FixedBackOff.UNLIMITED_ATTEMPTS)));
    return factory;
  }

  /** Without it the service would look healthy after an Error has stopped a consumer. */
  @Bean
  ConsumerStopListener consumerStopListener(ApplicationEventPublisher events) {
    return new ConsumerStopListener(events);
  }

  /** Breaks the liveness state when a consumer stops abnormally. */
  record ConsumerStopListener(ApplicationEventPublisher events) {
    @EventListener
    void on(ConsumerStoppedEvent stopped) {
      if (stopped.getReason() != ConsumerStoppedEvent.Reason.NORMAL) {
        AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
      }
    }
  }
}
