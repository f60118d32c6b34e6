package shop.payment.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Redrive;
import shop.common.kafka.Topics;

/**
 * A record on its way through this service: as it first came, and what was tried since. Between
 * tries it lies on {@code payment-service.retries}, its own headers beside those of this class.
 *
 * @param original from the topic by which it first came, with its place there
 * @param attempt the number of the next try, which numbers the PSP's idempotency keys; from 1, and
 *     from n × 1000 + 1 for the n-th redrive, because earlier tries used up the numbers below
 * @param failures tries that failed and count
 * @param due not to be tried earlier
 */
record Delivery(ConsumerRecord<byte[], byte[]> original, int attempt, int failures, Instant due) {

  private static final String ATTEMPT = "retry_attempt";
  private static final String FAILURES = "retry_failures";
  private static final String DUE = "retry_due";
  private static final String TOPIC = "retry_topic";
  private static final String PARTITION = "retry_partition";
  private static final String OFFSET = "retry_offset";
  private static final String TIME = "retry_time";
  private static final Set<String> OWN =
      Set.of(ATTEMPT, FAILURES, DUE, TOPIC, PARTITION, OFFSET, TIME);
  private static final int NUMBERS_OF_A_REDRIVE = 1000;

  /** A record as it was polled; one that is no well-formed retry is what it is. */
  static Delivery of(ConsumerRecord<byte[], byte[]> record) {
    return Topics.PAYMENT_RETRIES.name().equals(record.topic())
        ? retry(record).orElseGet(() -> first(record))
        : first(record);
  }

  private static Delivery first(ConsumerRecord<byte[], byte[]> record) {
    int base =
        Redrive.of(record.headers())
            .map(redrive -> redrive.attempt() * NUMBERS_OF_A_REDRIVE)
            .orElse(0);
    return new Delivery(record, base + 1, 0, Instant.EPOCH);
  }

  private static Optional<Delivery> retry(ConsumerRecord<byte[], byte[]> record) {
    var headers = record.headers();
    try {
      return Optional.of(
          new Delivery(
              original(record),
              Integer.parseInt(own(headers, ATTEMPT)),
              Integer.parseInt(own(headers, FAILURES)),
              Instant.ofEpochMilli(Long.parseLong(own(headers, DUE)))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static ConsumerRecord<byte[], byte[]> original(ConsumerRecord<byte[], byte[]> retry) {
    var headers = retry.headers();
    return new ConsumerRecord<>(
        own(headers, TOPIC),
        Integer.parseInt(own(headers, PARTITION)),
        Long.parseLong(own(headers, OFFSET)),
        time(retry),
        TimestampType.CREATE_TIME,
        retry.serializedKeySize(),
        retry.serializedValueSize(),
        retry.key(),
        retry.value(),
        withoutOwn(headers),
        Optional.empty());
  }

  /** When the original was written; retries of before this header was kept have only their own. */
  private static long time(ConsumerRecord<byte[], byte[]> retry) {
    String time = own(retry.headers(), TIME);
    return time.isEmpty() ? retry.timestamp() : Long.parseLong(time);
  }

  /** The next try, after one that does not count. */
  Delivery again() {
    return new Delivery(original, attempt + 1, failures, due);
  }

  /** The next try, after one that counts. */
  Delivery failed() {
    return new Delivery(original, attempt + 1, failures + 1, due);
  }

  Delivery dueAt(Instant time) {
    return new Delivery(original, attempt, failures, time);
  }

  /** The record that keeps it until it is due. */
  ProducerRecord<byte[], byte[]> toRetry() {
    var headers = withoutOwn(original.headers());
    put(headers, ATTEMPT, attempt);
    put(headers, FAILURES, failures);
    put(headers, DUE, due.toEpochMilli());
    put(headers, TOPIC, original.topic());
    put(headers, PARTITION, original.partition());
    put(headers, OFFSET, original.offset());
    put(headers, TIME, original.timestamp());
    return new ProducerRecord<>(
        Topics.PAYMENT_RETRIES.name(), null, null, original.key(), original.value(), headers);
  }

  private static RecordHeaders withoutOwn(Headers headers) {
    return new RecordHeaders(
        StreamSupport.stream(headers.spliterator(), false)
            .filter(header -> !OWN.contains(header.key()))
            .toArray(Header[]::new));
  }

  private static String own(Headers headers, String name) {
    @Nullable Header header = headers.lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static void put(RecordHeaders headers, String name, Object value) {
    headers.add(name, value.toString().getBytes(StandardCharsets.UTF_8));
  }
}
