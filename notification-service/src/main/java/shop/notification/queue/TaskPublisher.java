package shop.notification.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;
import shop.notification.Channel;

/**
 * Publishes with confirms and {@code mandatory}: what it returns from lies in a queue. A message
 * that comes back unroutable, or is refused, or is not confirmed in time, fails the call.
 */
@Component
class TaskPublisher {

  private final RabbitTemplate rabbit;
  private final AmqpAdmin admin;
  private final BlockedConnections blocked;
  private final QueueSettings settings;
  private final RandomGenerator random;

  TaskPublisher(
      RabbitTemplate rabbit,
      AmqpAdmin admin,
      BlockedConnections blocked,
      QueueSettings settings,
      RandomGenerator random) {
    this.rabbit = rabbit;
    this.admin = admin;
    this.blocked = blocked;
    this.settings = settings;
    this.random = random;
  }

  /**
   * Puts tasks into the channel's work queue.
   *
   * @throws QueueUnavailable if RabbitMQ did not confirm all of them; some may be there
   */
  void publish(Channel channel, List<Task> tasks) {
    publish(QueueTopology.workQueue(channel), tasks.stream().map(Task::toMessage).toList());
  }

  /**
   * Puts a task into the waiting queue of a delay, from which it falls back to the work queue.
   *
   * @throws QueueUnavailable if RabbitMQ did not confirm it
   */
  void publishLater(Channel channel, Task task, Duration delay) {
    var message = task.toMessage();
    // Up to a fifth earlier, so that what failed together does not come back together.
    long jittered = delay.toMillis() - random.nextLong(delay.toMillis() / 5 + 1);
    message.getMessageProperties().setExpiration(Long.toString(jittered));
    publish(QueueTopology.waitingQueue(channel, delay), List.of(message));
  }

  private void publish(String queue, List<Message> messages) {
    blocked.refuseIfBlocked();
    List<CorrelationData> pending = new ArrayList<>();
    try {
      for (var message : messages) {
        var correlation = new CorrelationData();
        rabbit.send(QueueTopology.EXCHANGE, queue, message, correlation);
        pending.add(correlation);
      }
    } catch (AmqpException e) {
      throw new QueueUnavailable("RabbitMQ does not take messages: " + e.getMessage(), e);
    }
    var deadline = System.nanoTime() + settings.confirmTimeout().toNanos();
    for (var correlation : pending) {
      await(correlation, queue, deadline);
    }
  }

  private void await(CorrelationData correlation, String queue, long deadline) {
    try {
      var confirm =
          correlation
              .getFuture()
              .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (correlation.getReturned() != null) {
        declareAgain();
        throw new QueueUnavailable(
            "RabbitMQ has no queue " + queue + "; it is being declared again", null);
      }
      if (!confirm.ack()) {
        throw new QueueUnavailable(
            "RabbitMQ refused a message for " + queue + ": " + confirm.reason(), null);
      }
    } catch (TimeoutException e) {
      throw new QueueUnavailable("RabbitMQ did not confirm within " + settings.confirmTimeout(), e);
    } catch (ExecutionException e) {
      throw new QueueUnavailable("RabbitMQ did not confirm", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QueueUnavailable("Interrupted while waiting for RabbitMQ's confirm", e);
    }
  }

  private void declareAgain() {
    try {
      admin.initialize();
    } catch (AmqpException e) {
      throw new QueueUnavailable("A queue is missing and cannot be declared", e);
    }
  }
}
