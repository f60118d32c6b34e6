package shop.common.deadletter;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.listener.ConsumerRecordRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.BackOff;
import shop.common.event.MalformedEvent;
import shop.common.json.MalformedJson;

/**
 * Sends a record to the dead letters when its listener's retries are exhausted, so that the
 * partition can continue.
 */
public final class DeadLetterRecoverer implements ConsumerRecordRecoverer {

  private final DeadLetterPublisher deadLetters;
  private final String group;

  private DeadLetterRecoverer(DeadLetterPublisher deadLetters, String group) {
    this.deadLetters = deadLetters;
    this.group = group;
  }

  /**
   * The error handler of a group's listeners: malformed records are dead-lettered without a retry,
   * others after the retries of the back-off.
   */
  public static DefaultErrorHandler errorHandler(
      DeadLetterPublisher deadLetters, String group, BackOff backOff) {
    var handler = new DefaultErrorHandler(new DeadLetterRecoverer(deadLetters, group), backOff);
    handler.addNotRetryableExceptions(MalformedEvent.class, MalformedJson.class);
    handler.setCommitRecovered(true);
    return handler;
  }

  @Override
  @SuppressWarnings("unchecked") // every consumer of the platform uses byte array deserializers
  public void accept(ConsumerRecord<?, ?> record, Exception failure) {
    int attempts = record.deliveryCount().map(Short::intValue).orElse(1);
    deadLetters.sendToDeadLetters(
        group, (ConsumerRecord<byte[], byte[]>) record, failure, attempts);
  }
}
