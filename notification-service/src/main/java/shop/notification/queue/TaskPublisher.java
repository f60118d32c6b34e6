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
 * Publishes with publisher confirms and {@code mandatory}: when a call returns, its messages are
 * stored in a queue. The call fails if a message is returned as unroutable, rejected, or not
 * confirmed in time.
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
   * Publishes tasks to the channel's work queue.
   *
   * @throws QueueUnavailable if RabbitMQ did not confirm all of them; some may have been queued
   */
  void publish(Channel channel, List<Task> tasks) {
    publish(QueueTopology.workQueue(channel), tasks.stream().map(Task::toMessage).toList());
  }

  /**
   * Publishes a task to the retry queue of the delay, from which it returns to the work queue.
   *
   * @throws QueueUnavailable if RabbitMQ did not confirm it
   */
  void publishDelayed(Channel channel, Task task, Duration delay) {
    var message = task.toMessage();
    // Up to a fifth shorter, so that tasks that failed together are not retried together.
    long jittered = delay.toMillis() - random.nextLong(delay.toMillis() / 5 + 1);
    message.getMessageProperties().setExpiration(Long.toString(jittered));
    publish(QueueTopology.retryQueue(channel, delay), List.of(message));
  }

  private void publish(String queue, List<Message> messages) {
    blocked.requireUnblocked();
    List<CorrelationData> pending = new ArrayList<>();
    try {
      for (var message : messages) {
        var correlation = new CorrelationData();
        rabbit.send(QueueTopology.EXCHANGE, queue, message, correlation);
        pending.add(correlation);
      }
    } catch (AmqpException e) {
      throw new QueueUnavailable("Publishing to RabbitMQ failed: " + e.getMessage(), e);
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
        redeclareQueues();
        throw new QueueUnavailable(
            "RabbitMQ has no queue " + queue + "; the queues have been declared again", null);
      }
      if (!confirm.ack()) {
        throw new QueueUnavailable(
            "RabbitMQ rejected a message for " + queue + ": " + confirm.reason(), null);
      }
    } catch (TimeoutException e) {
      throw new QueueUnavailable("RabbitMQ did not confirm within " + settings.confirmTimeout(), e);
    } catch (ExecutionException e) {
      throw new QueueUnavailable("RabbitMQ did not confirm a message", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QueueUnavailable("Interrupted while waiting for RabbitMQ's confirm", e);
    }
  }

  private void redeclareQueues() {
    try {
      admin.initialize();
    } catch (AmqpException e) {
      throw new QueueUnavailable("A queue is missing, and declaring it failed", e);
    }
  }
}
