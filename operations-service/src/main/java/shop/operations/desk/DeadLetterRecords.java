package shop.operations.desk;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.operations.OperationsApplication;

/** Parses records of {@code dead-letters}. */
final class DeadLetterRecords {

  private DeadLetterRecords() {}

  /** A malformed record becomes a dead letter of this service, so that no record is hidden. */
  static DeadLetter parse(ConsumerRecord<byte[], byte[]> record) {
    try {
      return validated(DeadLetter.read(record.headers(), record.value()));
    } catch (RuntimeException e) {
      return DeadLetter.of(
          OperationsApplication.NAME,
          OperationsApplication.NAME,
          record,
          Cause.of(e, 1),
          Instant.ofEpochMilli(Math.max(0, record.timestamp())));
    }
  }

  private static DeadLetter validated(DeadLetter letter) {
    if (!EntryIds.isValid(letter.id()) || !EntryIds.isValid(letter.service())) {
      throw new IllegalArgumentException(
          "The id or service of the dead letter contains NUL or has more than "
              + EntryIds.MAX_LENGTH
              + " characters");
    }
    return letter;
  }
}
