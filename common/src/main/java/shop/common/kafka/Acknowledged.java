package shop.common.kafka;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;

/** Appends records synchronously, for callers that must know whether the append succeeded. */
public final class Acknowledged {

  private Acknowledged() {}

  /**
   * Appends a record and waits for the acknowledgement, at most the producer's {@code max.block.ms}
   * and {@code delivery.timeout.ms}.
   *
   * @return the record's partition and offset
   * @throws NotAcknowledged if there was no acknowledgement in time: it is unknown whether the
   *     record is in the log
   */
  public static RecordMetadata append(
      KafkaTemplate<byte[], byte[]> kafka, ProducerRecord<byte[], byte[]> record) {
    try {
      return kafka.send(record).get().getRecordMetadata();
    } catch (ExecutionException | KafkaException | InterruptException e) {
      // Spring throws KafkaException if the send fails immediately, for example without a leader.
      throw new NotAcknowledged(record.topic(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotAcknowledged(record.topic(), e);
    }
  }

  /** Kafka did not acknowledge a record in time; it is unknown whether the record is in the log. */
  public static final class NotAcknowledged extends RuntimeException {
    private NotAcknowledged(String topic, Throwable cause) {
      super("Kafka did not acknowledge a record of topic " + topic + " in time", cause);
    }
  }
}
