package shop.analytics.counting;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import shop.analytics.Figures;

/** What comes of one record: something to add to a bucket, or something to write elsewhere. */
sealed interface Contribution {

  /** Headers of what goes on. */
  Headers headers();

  /** To add to the bucket that the key names. */
  record Increment(Figures figures) implements Contribution {
    @Override
    public Headers headers() {
      return new RecordHeaders();
    }
  }

  /** A dead letter, or the outcome of a redrive, in the transaction of what was counted. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Aside(String topic, byte @Nullable [] value, Headers headers) implements Contribution {
    static Aside of(ProducerRecord<byte[], byte[]> record) {
      return new Aside(record.topic(), record.value(), record.headers());
    }
  }
}
