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

/** Competing workers on every channel's queue, and who empties what RabbitMQ gave up on. */
@Configuration(proxyBeanMethods = false)
class Workers {

  private static final Duration PAUSE = Duration.ofSeconds(1);

  @Bean
  RabbitListenerConfigurer notificationWorkers(
      List<Messenger> messengers,
      RecentDeliveries memory,
      DeliveryResults results,
      DeliveryDeadLetters givingUp,
      TaskPublisher publisher,
      QueueSettings settings,
      Clock clock,
      MeterRegistry meters) {
    return registrar -> {
      for (var messenger : messengers) {
        var channel = messenger.channel();
        var worker =
            new Worker(messenger, memory, results, givingUp, publisher, settings, clock, meters);
        register(
            registrar,
            QueueTopology.workQueue(channel),
            new AcknowledgingListener(message -> worker.work(Task.of(message)), PAUSE),
            null);
        register(
            registrar,
            QueueTopology.givenUpQueue(channel),
            new AcknowledgingListener(message -> byBroker(givingUp, channel, message), PAUSE),
            "1");
      }
    };
  }

  private static void byBroker(DeliveryDeadLetters givingUp, Channel channel, Message message) {
    var task = Task.of(message);
    try (var _ = task.trace().open()) {
      @Nullable Object reason = message.getMessageProperties().getHeader("x-first-death-reason");
      var cause = new BrokerDeadLettered(String.valueOf(reason));
      givingUp.giveUp(channel, task, cause, task.attempts() + 1);
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

  /** So that workers still acknowledge on their connection when RabbitMQ blocks the other. */
  @Bean
  RabbitTemplateCustomizer ownConnection() {
    return template -> template.setUsePublisherConnection(true);
  }

  @Bean
  RandomGenerator random() {
    return new Random();
  }
}
