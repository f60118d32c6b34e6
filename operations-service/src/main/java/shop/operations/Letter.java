package shop.operations;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;

/**
 * A dead letter without its bytes, which stay in the log.
 *
 * @param id of the entry: group, topic, partition and position
 * @param service who gave up
 * @param group its consumer group
 * @param topic where the message came from
 * @param partition of that topic
 * @param failedAt when it was given up
 * @param cause why
 * @param eventType what event it was, if it was one
 * @param subject what the event was about, if it was one
 * @param place where on {@code dead-letters} its bytes are
 */
public record Letter(
    String id,
    String service,
    String group,
    String topic,
    int partition,
    Instant failedAt,
    Cause cause,
    @Nullable String eventType,
    @Nullable String subject,
    RecordPosition place) {

  /** Of a dead letter that lies in a record. */
  public static Letter of(DeadLetter letter, ConsumerRecord<?, ?> record) {
    return new Letter(
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

  /** Its offset on its topic, or a queue message's own id. */
  public String position() {
    return id.substring((group + ":" + topic + ":" + partition + ":").length());
  }
}
