package shop.common.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.common.time.Rfc3339;

/**
 * A message that a service could not process, with its original bytes and headers.
 *
 * @param service the service that could not process the message
 * @param group the service's consumer group
 * @param topic the topic that the message was read from, or {@code rabbitmq:<queue>}
 * @param partition the partition of that topic; 0 for a queue
 * @param position its offset in the partition, or the id of a queue message
 * @param failedAt time of the last failure
 * @param cause why processing failed
 * @param key the original key
 * @param value the original bytes
 * @param headers the original headers
 */
@SuppressWarnings("ArrayRecordComponent") // equality is by id
public record DeadLetter(
    String service,
    String group,
    String topic,
    int partition,
    String position,
    Instant failedAt,
    Cause cause,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers) {

  private static final String PREFIX = "dl_";

  /** The dead letter of a record that a consumer read. */
  public static DeadLetter of(
      String service,
      String group,
      ConsumerRecord<byte[], byte[]> record,
      Cause cause,
      Instant failedAt) {
    return new DeadLetter(
        service,
        group,
        record.topic(),
        record.partition(),
        Long.toString(record.offset()),
        failedAt,
        cause,
        record.key(),
        record.value(),
        record.headers());
  }

  /** The entry's id: a message that one group dead-letters twice is one entry. */
  public String id() {
    return group + ":" + topic + ":" + partition + ":" + position;
  }

  /**
   * The record to write: an entry on {@code dead-letters} or, for a message that had been redriven,
   * the outcome of that redrive on {@code dead-letter-actions}.
   */
  public ProducerRecord<byte[], byte[]> toRecord() {
    return Redrive.of(headers)
        .map(redrive -> RedriveOutcome.failed(redrive, service, cause, failedAt).toRecord())
        .orElseGet(this::entry);
  }

  private ProducerRecord<byte[], byte[]> entry() {
    var all = new RecordHeaders(headers.toArray());
    Map<String, String> own = new LinkedHashMap<>();
    own.put("service", service);
    own.put("group", group);
    own.put("topic", topic);
    own.put("partition", Integer.toString(partition));
    own.put("position", position);
    own.put("failed_at", failedAt.toString());
    own.put("exception", cause.exception());
    own.put("message", cause.message());
    own.put("place", cause.place());
    own.put("attempts", Integer.toString(cause.attempts()));
    if (key != null) {
      own.put("key", Base64.getEncoder().encodeToString(key));
    }
    own.forEach((name, text) -> all.add(PREFIX + name, text.getBytes(StandardCharsets.UTF_8)));
    return new ProducerRecord<>(
        Topics.DEAD_LETTERS.name(), null, null, id().getBytes(StandardCharsets.UTF_8), value, all);
  }

  /**
   * Reads an entry of {@code dead-letters}.
   *
   * @throws IllegalArgumentException if the record is not a dead letter
   */
  public static DeadLetter read(Headers headers, byte @Nullable [] value) {
    var original = new RecordHeaders();
    for (Header header : headers) {
      if (!header.key().startsWith(PREFIX)) {
        original.add(header);
      }
    }
    @Nullable String key = HeaderText.last(headers, PREFIX + "key");
    return new DeadLetter(
        own(headers, "service"),
        own(headers, "group"),
        own(headers, "topic"),
        Integer.parseInt(own(headers, "partition")),
        own(headers, "position"),
        Rfc3339.parse(own(headers, "failed_at")),
        new Cause(
            own(headers, "exception"),
            own(headers, "message"),
            own(headers, "place"),
            Integer.parseInt(own(headers, "attempts"))),
        key == null ? null : Base64.getDecoder().decode(key),
        value,
        original);
  }

  /**
   * The record that returns the message to its service.
   *
   * @param attempt number of the redrive, from 1
   */
  public ProducerRecord<byte[], byte[]> redriven(int attempt) {
    var marked = new RecordHeaders(headers.toArray());
    new Redrive(id(), attempt, group, topic).mark(marked);
    return new ProducerRecord<>(Topics.redriveTopicOf(service), null, null, key, value, marked);
  }

  /** The event type of the message; null if it is not an event. */
  public @Nullable String eventType() {
    return HeaderText.last(headers, Envelope.TYPE);
  }

  /** The event subject of the message; null if it is not an event. */
  public @Nullable String eventSubject() {
    return HeaderText.last(headers, Envelope.SUBJECT);
  }

  private static String own(Headers headers, String name) {
    @Nullable String text = HeaderText.last(headers, PREFIX + name);
    if (text == null) {
      throw new IllegalArgumentException("Not a dead letter: " + PREFIX + name + " is missing");
    }
    return text;
  }

  /** Two dead letters are equal if their ids are. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DeadLetter that && id().equals(that.id());
  }

  @Override
  public int hashCode() {
    return id().hashCode();
  }
}
