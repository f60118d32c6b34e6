package shop.common.kafka;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;

/** Appending to the log for somebody who has to know whether it was appended. */
public final class Acknowledged {

  private Acknowledged() {}

  /**
   * Appends a record and waits for the acknowledgement, at most the producer's {@code max.block.ms}
   * and {@code delivery.timeout.ms}.
   *
   * @return where it is
   * @throws NotAcknowledged if there was none in time: the record may be in the log or not
   */
  public static RecordMetadata append(
      KafkaTemplate<byte[], byte[]> kafka, ProducerRecord<byte[], byte[]> record) {
    try {
      return kafka.send(record).get().getRecordMetadata();
    } catch (ExecutionException | KafkaException | InterruptException e) {
      // Spring's exception comes if the send fails at once, as without a leader to send to.
      throw new NotAcknowledged(record.topic(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotAcknowledged(record.topic(), e);
    }
  }

  /** It is not known whether a record is in the log. */
  public static final class NotAcknowledged extends RuntimeException {
    private NotAcknowledged(String topic, Throwable cause) {
      super("Kafka did not acknowledge a record of " + topic + " in time", cause);
    }
  }
}
