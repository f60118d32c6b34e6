package shop.notification.queue;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.RabbitListenerConfigurer;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerEndpoint;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistrar;
import org.springframework.boot.amqp.autoconfigure.RabbitTemplateCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.notification.Channel;
import shop.notification.Messenger;
import shop.notification.result.DeliveryResults;
import shop.notification.result.DeliveryTable;

/** Competing workers on each channel's work queue, and one consumer of its dead-letter queue. */
@Configuration(proxyBeanMethods = false)
class WorkerConfiguration {

  private static final Duration REQUEUE_DELAY = Duration.ofSeconds(1);

  @Bean
  RabbitListenerConfigurer notificationWorkers(
      List<Messenger> messengers,
      RecentDeliveries recent,
      DeliveryTable deliveries,
      DeliveryResults results,
      DeliveryDeadLetters deadLetters,
      TaskPublisher publisher,
      QueueSettings settings,
      Clock clock,
      MeterRegistry meters) {
    return registrar -> {
      for (var messenger : messengers) {
        var channel = messenger.channel();
        var worker =
            new DeliveryWorker(
                messenger,
                recent,
                deliveries,
                results,
                deadLetters,
                publisher,
                settings,
                clock,
                meters);
        register(
            registrar,
            QueueTopology.workQueue(channel),
            new AcknowledgingListener(message -> worker.work(Task.of(message)), REQUEUE_DELAY),
            null);
        register(
            registrar,
            QueueTopology.deadLetterQueue(channel),
            new AcknowledgingListener(
                message -> deadLetter(deadLetters, channel, message), REQUEUE_DELAY),
            "1");
      }
    };
  }

  private static void deadLetter(
      DeliveryDeadLetters deadLetters, Channel channel, Message message) {
    var task = Task.of(message);
    try (var _ = task.trace().open()) {
      @Nullable Object reason = message.getMessageProperties().getHeader("x-first-death-reason");
      var cause = new BrokerDeadLettered(String.valueOf(reason));
      deadLetters.publish(channel, task, cause, task.attempts() + 1);
    }
  }

  private static void register(
      RabbitListenerEndpointRegistrar registrar,
      String queue,
      AcknowledgingListener listener,
      @Nullable String concurrency) {
    var endpoint = new SimpleRabbitListenerEndpoint();
    endpoint.setId(queue);
    endpoint.setQueueNames(queue);
    endpoint.setMessageListener(listener);
    if (concurrency != null) {
      endpoint.setConcurrency(concurrency);
    }
    registrar.registerEndpoint(endpoint);
  }

  /**
   * Publishing uses its own connection, so that workers can still acknowledge while RabbitMQ blocks
   * publishers.
   */
  @Bean
  RabbitTemplateCustomizer publisherConnection() {
    return template -> template.setUsePublisherConnection(true);
  }

  @Bean
  RandomGenerator random() {
    return new Random();
  }
}
