package shop.common.deadletter;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.listener.ConsumerRecordRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.BackOff;
import shop.common.event.MalformedEvent;
import shop.common.json.MalformedJson;

/** The end of a listener's patience: the record becomes a dead letter and the partition goes on. */
public final class DeadLetterRecoverer implements ConsumerRecordRecoverer {

  private final DeadLetterPublisher deadLetters;
  private final String group;

  private DeadLetterRecoverer(DeadLetterPublisher deadLetters, String group) {
    this.deadLetters = deadLetters;
    this.group = group;
  }

  /**
   * Handles the errors of a group's listeners: malformed records are given up at once, others after
   * the back-off's attempts.
   */
  public static DefaultErrorHandler errorHandler(
      DeadLetterPublisher deadLetters, String group, BackOff backOff) {
    var handler = new DefaultErrorHandler(new DeadLetterRecoverer(deadLetters, group), backOff);
    handler.addNotRetryableExceptions(MalformedEvent.class, MalformedJson.class);
    handler.setCommitRecovered(true);
    return handler;
  }

  @Override
  @SuppressWarnings("unchecked") // every consumer of the platform reads bytes
  public void accept(ConsumerRecord<?, ?> record, Exception failure) {
    int attempts = record.deliveryCount().map(Short::intValue).orElse(1);
    deadLetters.sendToDeadLetters(
        group, (ConsumerRecord<byte[], byte[]>) record, failure, attempts);
  }
}
