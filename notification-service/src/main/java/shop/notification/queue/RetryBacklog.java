package shop.notification.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.stereotype.Component;
import shop.notification.Channel;

/**
 * Limits how many tasks wait in the retry queues. RabbitMQ itself limits only the work queues: if
 * it limited the retry queues, too, workers could not put back what they have taken. While mails
 * fail, no new tasks are queued instead.
 */
@Component
class RetryBacklog {

  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  private final AmqpAdmin admin;
  private final QueueSettings settings;
  private final Clock clock;
  private Instant checkAt = Instant.MIN;
  private long tasks;

  RetryBacklog(AmqpAdmin admin, QueueSettings settings, Clock clock) {
    this.admin = admin;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Requires that fewer tasks wait than a work queue may hold; their number is up to a second old.
   *
   * @throws QueueUnavailable if as many or more do, or RabbitMQ does not say how many
   */
  synchronized void requireRoom() {
    Instant now = clock.instant();
    if (!now.isBefore(checkAt)) {
      tasks = count();
      checkAt = now.plus(CHECK_INTERVAL);
    }
    if (tasks >= settings.maxLength()) {
      throw new QueueUnavailable(
          "%d tasks wait for a retry, and at most %d may".formatted(tasks, settings.maxLength()),
          null);
    }
  }

  private long count() {
    long sum = 0;
    try {
      for (var channel : Channel.values()) {
        for (var delay : settings.retryDelays()) {
          var queue = admin.getQueueInfo(QueueTopology.retryQueue(channel, delay));
          sum += queue == null ? 0 : queue.getMessageCount();
        }
      }
    } catch (AmqpException e) {
      throw new QueueUnavailable("RabbitMQ does not say how many tasks wait for a retry", e);
    }
    return sum;
  }
}
