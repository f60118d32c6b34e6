package shop.common.event;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import shop.common.json.Json;
import shop.common.time.Rfc3339;
import shop.common.trace.TraceContext;

/**
 * The attributes of an event: CloudEvents 1.0, carried in Kafka headers (binary content mode). The
 * data is JSON in the record's value; the record's key is the subject.
 *
 * @param id unique per source
 * @param type stable name with version, such as {@code shop.order.placed.v1}
 * @param source the service that published it
 * @param subject the id of what changed: an order id, a sku, an account id
 * @param time when it happened, to the millisecond
 * @param sequence its number among the order's events, from 1 without gaps; null for other events
 * @param trace the trace that it belongs to
 */
public record Envelope(
    String id,
    String type,
    String source,
    String subject,
    Instant time,
    @Nullable Long sequence,
    TraceContext trace) {

  /** The record headers of the attributes (CloudEvents Kafka binding, binary content mode). */
  public static final String SPEC_VERSION = "ce_specversion";

  public static final String ID = "ce_id";
  public static final String TYPE = "ce_type";
  public static final String SOURCE = "ce_source";
  public static final String SUBJECT = "ce_subject";
  public static final String TIME = "ce_time";
  public static final String SEQUENCE = "ce_sequence";

  /** An envelope without a sequence and with a random id, in the current trace. */
  public static Envelope of(String type, String source, String subject, Instant time) {
    return new Envelope(
        UUID.randomUUID().toString(), type, source, subject, time, null, TraceContext.current());
  }

  /** The same with another id; for events that may be published more than once. */
  public Envelope withId(String other) {
    return new Envelope(other, type, source, subject, time, sequence, trace);
  }

  /**
   * Reads the attributes of a record.
   *
   * @throws MalformedEvent if a required attribute is missing or an attribute is malformed
   */
  public static Envelope of(Headers headers) {
    String specVersion = required(headers, SPEC_VERSION);
    if (!specVersion.startsWith("1.")) {
      throw new MalformedEvent(SPEC_VERSION + " is " + specVersion + "; only 1.x is supported");
    }
    return new Envelope(
        required(headers, ID),
        required(headers, TYPE),
        required(headers, SOURCE),
        required(headers, SUBJECT),
        time(required(headers, TIME)),
        sequence(text(headers, SEQUENCE)),
        TraceContext.below(text(headers, TraceContext.HEADER)));
  }

  /** The attributes as headers. */
  public Headers headers() {
    var headers = new RecordHeaders();
    put(headers, SPEC_VERSION, "1.0");
    put(headers, ID, id);
    put(headers, TYPE, type);
    put(headers, SOURCE, source);
    put(headers, SUBJECT, subject);
    put(headers, TIME, time.toString());
    if (sequence != null) {
      put(headers, SEQUENCE, sequence.toString());
    }
    put(headers, "content-type", "application/json");
    put(headers, TraceContext.HEADER, trace.traceparent());
    return headers;
  }

  /** The record's key. */
  public byte[] key() {
    return subject.getBytes(StandardCharsets.UTF_8);
  }

  /** The record to send; without a timestamp, so that the producer or the broker sets it. */
  public ProducerRecord<byte[], byte[]> record(String topic, Object data) {
    return record(topic, Json.bytes(data));
  }

  /** The same for data that is already JSON. */
  public ProducerRecord<byte[], byte[]> record(String topic, byte[] json) {
    return new ProducerRecord<>(topic, null, null, key(), json, headers());
  }

  /**
   * The sequence of an order's event.
   *
   * @throws MalformedEvent if it is missing
   */
  public long requireSequence() {
    if (sequence == null) {
      throw new MalformedEvent(SEQUENCE + " is missing");
    }
    return sequence;
  }

  private static String required(Headers headers, String name) {
    String value = text(headers, name);
    if (value == null || value.isEmpty()) {
      throw new MalformedEvent(name + " is missing");
    }
    return value;
  }

  private static @Nullable String text(Headers headers, String name) {
    @Nullable Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static Instant time(String text) {
    try {
      return Rfc3339.parse(text);
    } catch (DateTimeException e) {
      throw new MalformedEvent(TIME + " is not an RFC 3339 time", e);
    }
  }

  private static @Nullable Long sequence(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new MalformedEvent(SEQUENCE + " is not a number", e);
    }
    throw new MalformedEvent(SEQUENCE + " is below 1");
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
