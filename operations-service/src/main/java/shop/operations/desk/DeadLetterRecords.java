package shop.operations.desk;

import java.time.DateTimeException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.operations.OperationsApplication;

/** Dead letters as records of {@code dead-letters}. */
final class DeadLetterRecords {

  private DeadLetterRecords() {}

  /** What is no dead letter is shown as one of this service: nothing on the topic is hidden. */
  static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
    try {
      return DeadLetter.read(record.headers(), record.value());
    } catch (IllegalArgumentException | DateTimeException e) {
      return DeadLetter.of(
          OperationsApplication.NAME,
          OperationsApplication.NAME,
          record,
          Cause.of(e, 1),
          Instant.ofEpochMilli(Math.max(0, record.timestamp())));
    }
  }
}
