package shop.payment.queries;

import java.time.Duration;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.config.ContainerCustomizer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.backoff.ExponentialBackOff;

/** The queue of questions, and how RabbitMQ is waited for while it is away. */
@Configuration(proxyBeanMethods = false)
class QueriesConfiguration {

  /** Whoever asks waits no longer than this. */
  private static final Duration LIFETIME = Duration.ofSeconds(10);

  @Bean
  Queue questions() {
    return QueueBuilder.durable(QueryResponder.QUEUE)
        .quorum()
        .ttl((int) LIFETIME.toMillis())
        .build();
  }

  @Bean
  ContainerCustomizer<SimpleMessageListenerContainer> recovery() {
    return container -> {
      var backOff = new ExponentialBackOff(1_000, 2);
      backOff.setMaxInterval(30_000);
      backOff.setJitter(500);
      container.setRecoveryBackOff(backOff);
    };
  }
}
