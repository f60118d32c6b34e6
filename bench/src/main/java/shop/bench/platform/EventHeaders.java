package shop.bench.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The CloudEvents headers of the events that a benchmark produces. */
public final class EventHeaders {

  private EventHeaders() {}

  /**
   * Adds the headers of an event with a new id and a new trace.
   *
   * @param sequence from 1; 0 for an event without a number
   */
  public static void add(
      ProducerRecord<byte[], byte[]> record,
      String type,
      String source,
      String subject,
      String time,
      int sequence) {
    var trace = UUID.randomUUID().toString().replace("-", "");
    Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            UUID.randomUUID().toString(),
            "ce_type",
            type,
            "ce_source",
            source,
            "ce_subject",
            subject,
            "ce_time",
            time,
            "content-type",
            "application/json",
            "traceparent",
            "00-" + trace + "-" + trace.substring(16) + "-01")
        .forEach((name, value) -> add(record, name, value));
    if (sequence > 0) {
      add(record, "ce_sequence", Integer.toString(sequence));
    }
  }

  /** Adds one header. */
  public static void add(ProducerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(UTF_8));
  }
}
