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

/** Publishes failed deliveries to the topic {@code dead-letters}, with their bytes and headers. */
@Component
final class DeliveryDeadLetters {

  /** Prefix of a dead letter's origin topic that denotes a queue. */
  static final String ORIGIN = "rabbitmq:";

  private static final String SERVICE = "notification-service";

  private final DeadLetterPublisher deadLetters;
  private final Clock clock;

  DeliveryDeadLetters(DeadLetterPublisher deadLetters, Clock clock) {
    this.deadLetters = deadLetters;
    this.clock = clock;
  }

  /** Publishes a dead letter and returns after Kafka has acknowledged it. */
  void publish(Channel channel, Task task, Throwable cause, int attempts) {
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

  /** Reports a redriven delivery as resolved; does nothing for other deliveries. */
  void resolved(Task task) {
    deadLetters.reportResolved(task.kafkaHeaders());
  }
}
