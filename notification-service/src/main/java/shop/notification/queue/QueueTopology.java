package shop.notification.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.QueueBuilder.Overflow;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import shop.notification.Channel;

/**
 * The exchanges and queues, declared whenever a connection opens. Each channel has a work queue, a
 * dead-letter queue for the messages that RabbitMQ dead-letters, and one retry queue per delay,
 * whose messages return to the work queue when they expire. One queue cannot serve several delays,
 * because RabbitMQ expires messages only at the head of a queue.
 */
@Configuration(proxyBeanMethods = false)
class QueueTopology {

  /** The exchange of the work and retry queues. */
  static final String EXCHANGE = "notifications";

  /** The dead-letter exchange of the work queues. */
  static final String DEAD_LETTER_EXCHANGE = "notifications.given-up";

  /**
   * In effect no limit: RabbitMQ 4 drops a message after 20 redeliveries by default, and 3.10 has
   * no value for "unlimited".
   */
  private static final int UNLIMITED = 1_000_000;

  static String workQueue(Channel channel) {
    return EXCHANGE + "." + channel.label();
  }

  static String deadLetterQueue(Channel channel) {
    return workQueue(channel) + ".given-up";
  }

  /** Named by its delay: a changed delay creates a new queue, and the old one drains by itself. */
  static String retryQueue(Channel channel, Duration delay) {
    return workQueue(channel) + ".retry." + delay.toMillis() + "ms";
  }

  @Bean
  Declarables notificationQueues(QueueSettings settings) {
    var exchange = new DirectExchange(EXCHANGE);
    var deadLetterExchange = new DirectExchange(DEAD_LETTER_EXCHANGE);
    List<Declarable> all = new ArrayList<>(List.of(exchange, deadLetterExchange));
    for (var channel : Channel.values()) {
      var work =
          quorum(workQueue(channel), DEAD_LETTER_EXCHANGE, workQueue(channel))
              .maxLength(settings.maxLength())
              .deliveryLimit(settings.deliveryLimit())
              .build();
      add(all, work, exchange);
      var deadLetters =
          QueueBuilder.durable(deadLetterQueue(channel)).quorum().deliveryLimit(UNLIMITED).build();
      all.add(deadLetters);
      all.add(BindingBuilder.bind(deadLetters).to(deadLetterExchange).with(workQueue(channel)));
      for (var delay : settings.retryDelays()) {
        var retry =
            quorum(retryQueue(channel, delay), EXCHANGE, workQueue(channel))
                .ttl(Math.toIntExact(delay.toMillis()))
                .build();
        add(all, retry, exchange);
      }
    }
    return new Declarables(all);
  }

  private static void add(List<Declarable> all, Queue queue, DirectExchange exchange) {
    Binding binding = BindingBuilder.bind(queue).to(exchange).withQueueName();
    all.add(queue);
    all.add(binding);
  }

  /**
   * At-least-once dead lettering needs a quorum queue with the overflow behaviour {@code
   * reject-publish}.
   */
  private static QueueBuilder quorum(String name, String exchange, String key) {
    return QueueBuilder.durable(name)
        .quorum()
        .overflow(Overflow.rejectPublish)
        .deadLetterExchange(exchange)
        .deadLetterRoutingKey(key)
        .withArgument("x-dead-letter-strategy", "at-least-once");
  }
}
