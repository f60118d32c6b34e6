package shop.payment.queries;

import java.time.Duration;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.rabbit.config.ContainerCustomizer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.backoff.ExponentialBackOff;

/** The queue of queries, and the backoff while RabbitMQ is unavailable. */
@Configuration(proxyBeanMethods = false)
class QueriesConfiguration {

  /** The timeout of order-service, after which a response is useless. */
  private static final Duration QUERY_TTL = Duration.ofSeconds(10);

  @Bean
  Queue queries() {
    return QueueBuilder.durable(QueryResponder.QUEUE)
        .quorum()
        .ttl((int) QUERY_TTL.toMillis())
        .build();
  }

  @Bean
  ContainerCustomizer<SimpleMessageListenerContainer> recoveryBackOff() {
    return container -> {
      var backOff = new ExponentialBackOff(1_000, 2);
      backOff.setMaxInterval(30_000);
      backOff.setJitter(500);
      container.setRecoveryBackOff(backOff);
    };
  }
}
