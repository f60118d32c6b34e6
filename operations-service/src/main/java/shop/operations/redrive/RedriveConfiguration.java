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
 * The redriver's container: a transaction for each batch, rolled back and tried again until it is
 * committed, since nobody would decide a redrive again.
 */
@Configuration(proxyBeanMethods = false)
class RedriveConfiguration {

  /** Actions in a transaction, at most: each transaction waits for the end of the one before. */
  private static final int BATCH = 1000;

  @Bean
  ConcurrentKafkaListenerContainerFactory<byte[], byte[]> redriverContainers(
      KafkaProperties kafka, RedriveProducer producer, OperationsSettings settings) {
    var consumer = kafka.buildConsumerProperties();
    consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH);
    var factory = new ConcurrentKafkaListenerContainerFactory<byte[], byte[]>();
    factory.setConsumerFactory(new DefaultKafkaConsumerFactory<>(consumer));
    factory.setBatchListener(true);
    factory.getContainerProperties().setKafkaAwareTransactionManager(producer.transactions());
    factory.setAfterRollbackProcessor(
        new DefaultAfterRollbackProcessor<>(
            new FixedBackOff(settings.redriveRetry().toMillis(), FixedBackOff.UNLIMITED_ATTEMPTS)));
    return factory;
  }

  /** A consumer that died of an Error would otherwise leave the service looking healthy. */
  @Bean
  ConsumerDeath consumerDeath(ApplicationEventPublisher events) {
    return new ConsumerDeath(events);
  }

  /** Breaks liveness when a consumer stops that nobody stopped. */
  record ConsumerDeath(ApplicationEventPublisher events) {
    @EventListener
    void on(ConsumerStoppedEvent stopped) {
      if (stopped.getReason() != ConsumerStoppedEvent.Reason.NORMAL) {
        AvailabilityChangeEvent.publish(events, this, LivenessState.BROKEN);
      }
    }
  }
}
