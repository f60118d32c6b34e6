package shop.operations.redrive;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.event.ConsumerStoppedEvent;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.util.backoff.FixedBackOff;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.deadletter.DeadLetterRecoverer;
import shop.operations.OperationsApplication;
import shop.operations.OperationsSettings;
import shop.operations.redrive.Redriver.UnknownEntry;

/**
 * The redriver's container. A decided redrive is tried until it is sent, since nobody would decide
 * it again; what is no action, or names no entry, becomes a dead letter itself.
 */
@Configuration(proxyBeanMethods = false)
class RedriveConfiguration {

  private static final int TRIES_TO_FIND_AN_ENTRY = 10;

  @Bean
  ConcurrentKafkaListenerContainerFactory<byte[], byte[]> redriverContainers(
      ConsumerFactory<byte[], byte[]> consumers,
      DeadLetterPublisher deadLetters,
      OperationsSettings settings) {
    long pause = settings.redriveRetry().toMillis();
    var errors =
        DeadLetterRecoverer.errorHandler(
            deadLetters,
            OperationsApplication.NAME,
            new FixedBackOff(pause, FixedBackOff.UNLIMITED_ATTEMPTS));
    errors.setBackOffFunction((_, failure) ->
        isOfUnknownEntry(failure) ? new FixedBackOff(pause, TRIES_TO_FIND_AN_ENTRY) : null);
    var factory = new ConcurrentKafkaListenerContainerFactory<byte[], byte[]>();
    factory.setConsumerFactory(consumers);
    factory.setCommonErrorHandler(errors);
    factory.getContainerProperties().setAckMode(AckMode.RECORD);
    return factory;
  }

  /** True if the entry was not found, whether or not the failure comes wrapped. */
  private static boolean isOfUnknownEntry(@Nullable Throwable failure) {
    return failure != null
        && (failure instanceof UnknownEntry || isOfUnknownEntry(failure.getCause()));
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
