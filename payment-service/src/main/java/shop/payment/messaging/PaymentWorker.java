package shop.payment.messaging;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import shop.common.deadletter.DeadLetterPublisher;
import shop.common.deadletter.Redrive;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.MalformedJson;
import shop.payment.HistoryUnavailable;
import shop.payment.LogUnavailable;
import shop.payment.PaymentTask;
import shop.payment.PaymentTaskHandler;
import shop.payment.PlacedOrder;
import shop.payment.ProviderFailure;

/**
 * Attempts a record. It is finished when Kafka has acknowledged a result in the log, a record on
 * the retry topic or on the topic of pending results, or a dead letter.
 */
final class PaymentWorker {

  /** The consumer group; dead letters name it as their origin. */
  static final String GROUP = "payment-service";

  private static final Logger log = LoggerFactory.getLogger(PaymentWorker.class);

  private final PaymentTaskHandler handler;
  private final DeadLetterPublisher deadLetters;
  private final KafkaTemplate<byte[], byte[]> kafka;
  private final Backoff backoff;
  private final Backoff pollIntervals;
  private final int maxAttempts;
  private final PaymentMetrics metrics;
  private final Clock clock;

  PaymentWorker(
      PaymentTaskHandler handler,
      DeadLetterPublisher deadLetters,
      KafkaTemplate<byte[], byte[]> kafka,
      Backoff backoff,
      Backoff pollIntervals,
      int maxAttempts,
      PaymentMetrics metrics,
      Clock clock) {
    this.handler = handler;
    this.deadLetters = deadLetters;
    this.kafka = kafka;
    this.backoff = backoff;
    this.pollIntervals = pollIntervals;
    this.maxAttempts = maxAttempts;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** The result of an attempt. */
  private sealed interface AttemptResult {
    /** The task has its result, or the record has no task. */
    record Done() implements AttemptResult {}

    /** The PSP has no result yet. */
    record Pending() implements AttemptResult {}

    /** The PSP executes no refunds now. */
    record RefundOutage() implements AttemptResult {}

    /** The order's older events are in PostgreSQL, which is away or behind. */
    record HistoryOutage(RuntimeException cause) implements AttemptResult {}

    /** A retry may succeed. */
    record Failed(RuntimeException cause) implements AttemptResult {}

    /** A retry cannot succeed. */
    record NonRetryable(RuntimeException cause) implements AttemptResult {}

    /** The PSP is unavailable. */
    record ProviderOutage(RuntimeException cause) implements AttemptResult {}

    /** There were too many calls; the same attempt is made again. */
    record Throttled(RuntimeException cause) implements AttemptResult {}

    /** The log was unavailable; the same attempt gets the same response from the PSP. */
    record LogFailed(RuntimeException cause) implements AttemptResult {}
  }

  /**
   * Attempts a record once.
   *
   * @return the record to attempt again after a pause; null if it is finished
   */
  @Nullable RetryableRecord handle(RetryableRecord record) {
    var original = record.original();
    if (Redrive.isForOtherGroup(original.headers(), GROUP)) {
      return null;
    }
    try {
      return finish(record, attempt(record));
    } catch (IllegalStateException | KafkaException | CompletionException e) {
      log.warn("Kafka did not acknowledge the result of {}; retrying it", name(original), e);
      return record.afterUncounted();
    }
  }

  private AttemptResult attempt(RetryableRecord record) {
    var original = record.original();
    boolean isSettlement = Redrive.isSettlement(original.headers());
    try {
      var envelope = Envelope.of(original.headers());
      try (var _ = envelope.trace().open()) {
        var task = OrderRecords.read(envelope, original);
        return task.isEmpty() || execute(task.get(), envelope, record)
            ? new AttemptResult.Done()
            : new AttemptResult.Pending();
      }
    } catch (MalformedEvent | MalformedJson e) {
      // A record that cannot be read never had an effect, so there is nothing to settle.
      return isSettlement ? new AttemptResult.Done() : new AttemptResult.NonRetryable(e);
    } catch (ProviderFailure.Rejected e) {
      return new AttemptResult.NonRetryable(e);
    } catch (ProviderFailure.RefundsUnavailable e) {
      log.debug("{} waits until the PSP executes refunds again: {}", name(original), e.toString());
      return new AttemptResult.RefundOutage();
    } catch (ProviderFailure.Unavailable e) {
      return new AttemptResult.ProviderOutage(e);
    } catch (ProviderFailure.Throttled e) {
      return new AttemptResult.Throttled(e);
    } catch (HistoryUnavailable e) {
      return new AttemptResult.HistoryOutage(e);
    } catch (LogUnavailable e) {
      return new AttemptResult.LogFailed(e);
    } catch (RuntimeException e) {
      return new AttemptResult.Failed(e);
    }
  }

  private boolean execute(PaymentTask task, Envelope envelope, RetryableRecord record) {
    var original = record.original();
    if (Redrive.isSettlement(original.headers())) {
      return handler.settle(task, Instant.ofEpochMilli(original.timestamp()));
    }
    var placed = OrderRecords.placed(envelope, original);
    return placed.isPresent()
        ? ScopedValue.where(PlacedOrder.CURRENT, placed.get())
            .call(() -> handler.execute(task, record.attempt()))
        : handler.execute(task, record.attempt());
  }

  private @Nullable RetryableRecord finish(RetryableRecord record, AttemptResult result) {
    return switch (result) {
      case AttemptResult.Done() -> {
        deadLetters.reportResolved(record.original().headers());
        yield null;
      }
      case AttemptResult.Pending() -> pollLater(record.afterPoll(clock.instant(), pollIntervals));
      case AttemptResult.RefundOutage() ->
          retryLater(record.afterUncounted(), record.attemptOfThisRedrive());
      case AttemptResult.HistoryOutage(var cause) -> {
        // Not in its place, where it would hold up its partition's younger orders.
        log.debug("{} waits for PostgreSQL: {}", name(record.original()), cause.getMessage());
        metrics.waitedForHistory();
        yield retryLater(record.afterUncounted(), record.attemptOfThisRedrive());
      }
      case AttemptResult.NonRetryable(var cause) -> deadLetter(record.afterFailure(), cause);
      case AttemptResult.Failed(var cause) -> {
        var next = record.afterFailure();
        boolean retries = next.failures() < maxAttempts;
        log.info(
            "{} failed, failure {} of at most {}; {}: {}",
            name(record.original()),
            next.failures(),
            maxAttempts,
            retries ? "retrying it later" : "sending it to the dead letters",
            cause.toString());
        yield retries ? retryLater(next, next.failures()) : deadLetter(next, cause);
      }
      case AttemptResult.ProviderOutage(var cause) -> {
        log.debug(
            "{} waits until the PSP is available: {}", name(record.original()), cause.toString());
        yield record.afterUncounted();
      }
      case AttemptResult.Throttled(var cause) -> {
        log.debug("{} waits for its turn: {}", name(record.original()), cause.toString());
        yield record;
      }
      case AttemptResult.LogFailed(var cause) -> {
        log.warn("{} waits until the log of payments is available", name(record.original()), cause);
        yield record;
      }
    };
  }

  private @Nullable RetryableRecord retryLater(RetryableRecord next, int failures) {
    var due = clock.instant().plus(backoff.after(failures));
    kafka.send(next.withDueAt(due).toRetryRecord()).join();
    metrics.retried();
    return null;
  }

  /** Intents and refunds may be pending for days, so they wait in a queue of their own. */
  private @Nullable RetryableRecord pollLater(RetryableRecord next) {
    kafka.send(next.toPendingRecord()).join();
    metrics.polled();
    return null;
  }

  private @Nullable RetryableRecord deadLetter(RetryableRecord record, RuntimeException cause) {
    deadLetters.sendToDeadLetters(GROUP, record.original(), cause, record.failures());
    metrics.deadLettered();
    return null;
  }

  private static String name(ConsumerRecord<byte[], byte[]> record) {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }
}
