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
import shop.payment.Cashier;
import shop.payment.LogUnavailable;
import shop.payment.ProviderFailure;

/**
 * Takes a delivery to one of its ends: a result in the log, a later try on the retry topic, or a
 * dead letter. Until Kafka has acknowledged that end, it is not reached.
 */
final class PaymentWorker {

  /** The consumer group, by which dead letters know who gave up. */
  static final String GROUP = "payment-service";

  private static final Logger log = LoggerFactory.getLogger(PaymentWorker.class);

  private final Cashier cashier;
  private final DeadLetterPublisher deadLetters;
  private final KafkaTemplate<byte[], byte[]> kafka;
  private final Backoff backoff;
  private final int maxAttempts;
  private final PaymentMetrics metrics;
  private final Clock clock;

  PaymentWorker(
      Cashier cashier,
      DeadLetterPublisher deadLetters,
      KafkaTemplate<byte[], byte[]> kafka,
      Backoff backoff,
      int maxAttempts,
      PaymentMetrics metrics,
      Clock clock) {
    this.cashier = cashier;
    this.deadLetters = deadLetters;
    this.kafka = kafka;
    this.backoff = backoff;
    this.maxAttempts = maxAttempts;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** What a try came to. */
  private sealed interface Outcome {
    /** There is a result, or nothing was asked. */
    record Done() implements Outcome {}

    /** The PSP works on it, or will do such things later. */
    record Pending() implements Outcome {}

    /** Perhaps the next try. */
    record Failed(RuntimeException why) implements Outcome {}

    /** Never. */
    record Hopeless(RuntimeException why) implements Outcome {}

    /** The PSP serves nobody now. */
    record Outage(RuntimeException why) implements Outcome {}

    /** The log could not be told; the same call brings the same answer again. */
    record Untold(RuntimeException why) implements Outcome {}
  }

  /**
   * Tries once.
   *
   * @return what is to be tried again from memory after a pause; null if an end is reached
   */
  @Nullable Delivery handle(Delivery delivery) {
    var record = delivery.original();
    if (Redrive.isForOtherGroup(record.headers(), GROUP)) {
      return null;
    }
    try {
      return conclude(delivery, attempt(delivery));
    } catch (IllegalStateException | KafkaException | CompletionException e) {
      log.warn("Kafka did not take the end of {}; trying again", name(record), e);
      return delivery.again();
    }
  }

  private Outcome attempt(Delivery delivery) {
    var record = delivery.original();
    boolean settles = Redrive.isSettlement(record.headers());
    try {
      var envelope = Envelope.of(record.headers());
      try (var _ = envelope.trace().open()) {
        return OrderRecords.read(envelope, record)
                .map(duty ->
                    settles
                        ? cashier.settle(duty, Instant.ofEpochMilli(record.timestamp()))
                        : cashier.fulfil(duty, delivery.attempt()))
                .orElse(true)
            ? new Outcome.Done()
            : new Outcome.Pending();
      }
    } catch (MalformedEvent | MalformedJson e) {
      // Nothing was ever done about what cannot be read, so there is nothing to settle.
      return settles ? new Outcome.Done() : new Outcome.Hopeless(e);
    } catch (ProviderFailure.Refused e) {
      return new Outcome.Hopeless(e);
    } catch (ProviderFailure.NoRefunds e) {
      log.debug("{} waits: {}", name(record), e.toString());
      return new Outcome.Pending();
    } catch (ProviderFailure.Down e) {
      return new Outcome.Outage(e);
    } catch (LogUnavailable e) {
      return new Outcome.Untold(e);
    } catch (RuntimeException e) {
      return new Outcome.Failed(e);
    }
  }

  private @Nullable Delivery conclude(Delivery delivery, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done() -> {
        deadLetters.reportResolved(delivery.original().headers());
        yield null;
      }
      case Outcome.Pending() -> later(delivery.again(), delivery.attempt());
      case Outcome.Hopeless(var why) -> giveUp(delivery.failed(), why);
      case Outcome.Failed(var why) -> {
        log.info("{} failed and counts: {}", name(delivery.original()), why.toString());
        var next = delivery.failed();
        yield next.failures() < maxAttempts ? later(next, next.failures()) : giveUp(next, why);
      }
      case Outcome.Outage(var why) -> {
        log.debug("{} waits: {}", name(delivery.original()), why.toString());
        yield delivery.again();
      }
      case Outcome.Untold(var why) -> {
        log.warn("{} waits for the log", name(delivery.original()), why);
        yield delivery;
      }
    };
  }

  private @Nullable Delivery later(Delivery next, int failures) {
    var due = clock.instant().plus(backoff.after(failures));
    kafka.send(next.dueAt(due).toRetry()).join();
    metrics.retried();
    return null;
  }

  private @Nullable Delivery giveUp(Delivery delivery, RuntimeException why) {
    deadLetters.sendToDeadLetters(GROUP, delivery.original(), why, delivery.failures());
    metrics.gaveUp();
    return null;
  }

  private static String name(ConsumerRecord<byte[], byte[]> record) {
    return record.topic() + "-" + record.partition() + "@" + record.offset();
  }
}
