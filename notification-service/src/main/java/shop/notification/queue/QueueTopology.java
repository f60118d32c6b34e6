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
 * The exchanges and queues, declared whenever a connection opens. A channel has a work queue; one
 * waiting queue per delay, because a time to live ends at the queue's head only, from which
 * messages fall back to the work queue; and a queue for what RabbitMQ itself gave up on.
 */
@Configuration(proxyBeanMethods = false)
class QueueTopology {

  /** Work and waiting queues hang here. */
  static final String EXCHANGE = "notifications";

  /** What a work queue gives up on falls in here. */
  static final String GIVEN_UP = "notifications.given-up";

  /** RabbitMQ 4 drops after 20 returns if nothing is said, 3.10 knows no word for "never". */
  private static final int MANY = 1_000_000;

  static String workQueue(Channel channel) {
    return EXCHANGE + "." + channel.label();
  }

  static String givenUpQueue(Channel channel) {
    return workQueue(channel) + ".given-up";
  }

  /** Named by its delay: another delay is another queue, and the old one drains itself. */
  static String waitingQueue(Channel channel, Duration delay) {
    return workQueue(channel) + ".retry." + delay.toMillis() + "ms";
  }

  @Bean
  Declarables notificationQueues(QueueSettings settings) {
    var exchange = new DirectExchange(EXCHANGE);
    var givenUp = new DirectExchange(GIVEN_UP);
    List<Declarable> all = new ArrayList<>(List.of(exchange, givenUp));
    for (var channel : Channel.values()) {
      var work =
          quorum(workQueue(channel), GIVEN_UP, workQueue(channel))
              .maxLength(settings.maxWaiting())
              .deliveryLimit(settings.redeliveryLimit())
              .build();
      add(all, work, exchange);
      var dead = QueueBuilder.durable(givenUpQueue(channel)).quorum().deliveryLimit(MANY).build();
      all.add(dead);
      all.add(BindingBuilder.bind(dead).to(givenUp).with(workQueue(channel)));
      for (var delay : settings.retryDelays()) {
        var waiting =
            quorum(waitingQueue(channel, delay), EXCHANGE, workQueue(channel))
                .ttl(Math.toIntExact(delay.toMillis()))
                .build();
        add(all, waiting, exchange);
      }
    }
    return new Declarables(all);
  }

  private static void add(List<Declarable> all, Queue queue, DirectExchange exchange) {
    Binding binding = BindingBuilder.bind(queue).to(exchange).withQueueName();
    all.add(queue);
    all.add(binding);
  }

  /** At-least-once dead lettering needs a quorum queue that rejects what it cannot take. */
  private static QueueBuilder quorum(String name, String exchange, String key) {
    return QueueBuilder.durable(name)
        .quorum()
        .overflow(Overflow.rejectPublish)
        .deadLetterExchange(exchange)
        .deadLetterRoutingKey(key)
        .withArgument("x-dead-letter-strategy", "at-least-once");
  }
}
