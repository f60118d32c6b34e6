package shop.operations;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;

/**
 * A dead letter without the message's key, headers and body, which are read from the log on demand.
 *
 * @param id of the entry: group, topic, partition and position
 * @param service that dead-lettered the message
 * @param group the service's consumer group
 * @param topic that the message was read from
 * @param partition of that topic
 * @param failedAt when the message was dead-lettered
 * @param cause of the failure
 * @param eventType the CloudEvents type, if the message was an event
 * @param subject the CloudEvents subject, if the message was an event
 * @param recordPosition of its record on {@code dead-letters}
 */
public record DeadLetterSummary(
    String id,
    String service,
    String group,
    String topic,
    int partition,
    Instant failedAt,
    Cause cause,
    @Nullable String eventType,
    @Nullable String subject,
    RecordPosition recordPosition) {

  /** The summary of a dead letter that was read from a record. */
  public static DeadLetterSummary of(DeadLetter letter, ConsumerRecord<?, ?> record) {
    return new DeadLetterSummary(
        letter.id(),
        letter.service(),
        letter.group(),
        letter.topic(),
        letter.partition(),
        letter.failedAt(),
        letter.cause(),
        letter.eventType(),
        letter.eventSubject(),
        new RecordPosition(record.partition(), record.offset()));
  }

  /** The message's offset on its topic, or the message id if it came from a queue. */
  public String position() {
    return id.substring((group + ":" + topic + ":" + partition + ":").length());
  }
}
