package shop.payment.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
import shop.common.kafka.Topic;
import shop.common.kafka.Topics;

/**
 * A record with its attempts. Between attempts it is stored in {@code payment-service.retries}, or
 * in {@code payment-service.pending} while its result is pending at the PSP, with the headers of
 * this class beside its own.
 *
 * @param original as it was first polled, with its topic, partition and offset
 * @param attempt the number of the next attempt, part of the PSP's idempotency keys; from 1, and
 *     from n × 1000 + 1 for the n-th redrive, because earlier attempts may have used the numbers
 *     below
 * @param failures the number of failed attempts; those during an outage are not counted
 * @param polls the number of attempts whose result was still pending at the PSP
 * @param pendingSince the time of the first of them
 * @param dueAt the earliest time of the next attempt
 */
record RetryableRecord(
    ConsumerRecord<byte[], byte[]> original,
    int attempt,
    int failures,
    int polls,
    @Nullable Instant pendingSince,
    Instant dueAt) {

  private static final String ATTEMPT = "retry_attempt";
  private static final String FAILURES = "retry_failures";
  private static final String POLLS = "retry_polls";
  private static final String PENDING_SINCE = "retry_pending_since";
  private static final String DUE = "retry_due";
  private static final String TOPIC = "retry_topic";
  private static final String PARTITION = "retry_partition";
  private static final String OFFSET = "retry_offset";
  private static final String TIME = "retry_time";
  private static final Set<String> RETRY_HEADERS =
      Set.of(ATTEMPT, FAILURES, POLLS, PENDING_SINCE, DUE, TOPIC, PARTITION, OFFSET, TIME);
  private static final Set<String> TOPICS =
      Set.of(Topics.PAYMENT_RETRIES.name(), Topics.PAYMENT_PENDING.name());
  private static final int ATTEMPTS_PER_REDRIVE = 1000;

  /** Longer than any pause between attempts; a later due time was not written by this class. */
  private static final Duration MAX_WAIT = Duration.ofDays(1);

  /** Reads a polled record; one without well-formed retry headers is a first attempt. */
  static RetryableRecord of(ConsumerRecord<byte[], byte[]> record) {
    return TOPICS.contains(record.topic())
        ? retry(record).orElseGet(() -> first(record))
        : first(record);
  }

  private static RetryableRecord first(ConsumerRecord<byte[], byte[]> record) {
    int base =
        Redrive.of(record.headers())
            .map(redrive -> redrive.attempt() * ATTEMPTS_PER_REDRIVE)
            .orElse(0);
    return new RetryableRecord(record, base + 1, 0, 0, null, Instant.EPOCH);
  }

  private static Optional<RetryableRecord> retry(ConsumerRecord<byte[], byte[]> record) {
    var headers = record.headers();
    try {
      return Optional.of(
          new RetryableRecord(
              original(record),
              Integer.parseInt(header(headers, ATTEMPT)),
              Integer.parseInt(header(headers, FAILURES)),
              polls(headers),
              pendingSince(headers),
              Instant.ofEpochMilli(Long.parseLong(header(headers, DUE)))));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Old retries lack this header. */
  private static int polls(Headers headers) {
    String polls = header(headers, POLLS);
    return polls.isEmpty() ? 0 : Integer.parseInt(polls);
  }

  private static @Nullable Instant pendingSince(Headers headers) {
    String since = header(headers, PENDING_SINCE);
    return since.isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(since));
  }

  private static ConsumerRecord<byte[], byte[]> original(ConsumerRecord<byte[], byte[]> retry) {
    var headers = retry.headers();
    return new ConsumerRecord<>(
        header(headers, TOPIC),
        Integer.parseInt(header(headers, PARTITION)),
        Long.parseLong(header(headers, OFFSET)),
        time(retry),
        TimestampType.CREATE_TIME,
        retry.serializedKeySize(),
        retry.serializedValueSize(),
        retry.key(),
        retry.value(),
        withoutRetryHeaders(headers),
        Optional.empty());
  }

  /** The original's timestamp; old retries without this header have only their own. */
  private static long time(ConsumerRecord<byte[], byte[]> retry) {
    String time = header(retry.headers(), TIME);
    return time.isEmpty() ? retry.timestamp() : Long.parseLong(time);
  }

  /** The time to wait until the next attempt; negative if it is due. */
  Duration waitFrom(Instant now) {
    return dueAt.isAfter(now.plus(MAX_WAIT)) ? MAX_WAIT : Duration.between(now, dueAt);
  }

  /** The number of this attempt since the record was placed or redriven, from 1. */
  int attemptOfThisRedrive() {
    return (attempt - 1) % ATTEMPTS_PER_REDRIVE + 1;
  }

  /** The record after an attempt that is not counted. */
  RetryableRecord afterUncounted() {
    return new RetryableRecord(original, attempt + 1, failures, polls, pendingSince, dueAt);
  }

  /** The record after a failed attempt. */
  RetryableRecord afterFailure() {
    return new RetryableRecord(original, attempt + 1, failures + 1, polls, pendingSince, dueAt);
  }

  /** The record after an attempt whose result is still pending at the PSP. */
  RetryableRecord afterPoll(Instant now, Backoff intervals) {
    return new RetryableRecord(
        original,
        attempt + 1,
        failures,
        polls + 1,
        pendingSince == null ? now : pendingSince,
        now.plus(intervals.after(polls + 1)));
  }

  RetryableRecord withDueAt(Instant time) {
    return new RetryableRecord(original, attempt, failures, polls, pendingSince, time);
  }

  /** The record of the retry topic. */
  ProducerRecord<byte[], byte[]> toRetryRecord() {
    return toRecord(Topics.PAYMENT_RETRIES);
  }

  /** The record of the topic of pending results. */
  ProducerRecord<byte[], byte[]> toPendingRecord() {
    return toRecord(Topics.PAYMENT_PENDING);
  }

  private ProducerRecord<byte[], byte[]> toRecord(Topic topic) {
    var headers = withoutRetryHeaders(original.headers());
    put(headers, ATTEMPT, attempt);
    put(headers, FAILURES, failures);
    put(headers, POLLS, polls);
    if (pendingSince != null) {
      put(headers, PENDING_SINCE, pendingSince.toEpochMilli());
    }
    put(headers, DUE, dueAt.toEpochMilli());
    put(headers, TOPIC, original.topic());
    put(headers, PARTITION, original.partition());
    put(headers, OFFSET, original.offset());
    put(headers, TIME, original.timestamp());
    return new ProducerRecord<>(
        topic.name(), null, null, original.key(), original.value(), headers);
  }

  private static RecordHeaders withoutRetryHeaders(Headers headers) {
    return new RecordHeaders(
        StreamSupport.stream(headers.spliterator(), false)
            .filter(header -> !RETRY_HEADERS.contains(header.key()))
            .toArray(Header[]::new));
  }

  private static String header(Headers headers, String name) {
    @Nullable Header header = headers.lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static void put(RecordHeaders headers, String name, Object value) {
    headers.add(name, value.toString().getBytes(StandardCharsets.UTF_8));
  }
}
