package shop.analytics.counting;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import shop.analytics.Figures;

/**
 * An output of {@link OrderEventProcessor}: an increment of a bucket, or a record for another
 * topic.
 */
sealed interface ProcessorOutput {

  /** The headers of the forwarded record. */
  Headers headers();

  /** An increment of the bucket in the record key. */
  record Increment(Figures figures) implements ProcessorOutput {
    @Override
    public Headers headers() {
      return new RecordHeaders();
    }
  }

  /**
   * A dead letter or the outcome of a redrive, written in the same transaction as the increments.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record SideOutput(String topic, byte @Nullable [] value, Headers headers)
      implements ProcessorOutput {
    static SideOutput of(ProducerRecord<byte[], byte[]> record) {
      return new SideOutput(record.topic(), record.value(), record.headers());
    }
  }
}
