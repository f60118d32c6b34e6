package shop.notification.queue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.event.Envelope;
import shop.notification.Channel;

/** Takes deliveries that finally failed to the dead letters, with their bytes and headers. */
@Component
final class DeliveryDeadLetters {

  /** Marks a dead letter's origin as a queue. */
  static final String ORIGIN = "rabbitmq:";

  private static final String SERVICE = "notification-service";

  private final DeadLetterPublisher deadLetters;
  private final Clock clock;

  DeliveryDeadLetters(DeadLetterPublisher deadLetters, Clock clock) {
    this.deadLetters = deadLetters;
    this.clock = clock;
  }

  /** Returns when the dead letter is in the log. */
  void giveUp(Channel channel, Task task, Throwable cause, int attempts) {
    Headers headers = task.kafkaHeaders();
    @Nullable String order = task.headers().get(Envelope.SUBJECT);
    deadLetters.publish(
        new DeadLetter(
            SERVICE,
            SERVICE,
            ORIGIN + QueueTopology.workQueue(channel),
            0,
            task.id(),
            clock.instant(),
            Cause.of(cause, attempts),
            order == null ? null : order.getBytes(StandardCharsets.UTF_8),
            task.body(),
            headers));
  }

  /** Reports a delivery that had been sent back and went through. */
  void wentThrough(Task task) {
    deadLetters.reportResolved(task.kafkaHeaders());
  }
}
