package shop.common.deadletter;

import java.time.Clock;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Writes dead letters and the outcomes of redrives, and returns only when the broker has them. If
 * it throws, the message's offset must stay uncommitted.
 */
public final class DeadLetterPublisher {

  private static final Logger log = LoggerFactory.getLogger(DeadLetterPublisher.class);

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final String service;
  private final Clock clock;

  public DeadLetterPublisher(KafkaTemplate<byte[], byte[]> kafka, String service, Clock clock) {
    this.kafka = kafka;
    this.service = service;
    this.clock = clock;
  }

  /**
   * Gives a record up.
   *
   * @param attempts how often it was tried, at least 1
   */
  public void sendToDeadLetters(
      String group, ConsumerRecord<byte[], byte[]> record, Throwable failure, int attempts) {
    publish(DeadLetter.of(service, group, record, Cause.of(failure, attempts), clock.instant()));
  }

  /** Gives a message up that came by another way than a topic. */
  public void publish(DeadLetter letter) {
    log.warn(
        "Gave up on {} after {} attempts at {}: {}",
        letter.id(),
        letter.cause().attempts(),
        letter.cause().place(),
        letter.cause().exception());
    send(letter.toRecord());
  }

  /** Reports that a record went through, if it was one that had been sent back. */
  public void reportResolved(Headers headers) {
    Redrive.of(headers)
        .ifPresent(
            redrive -> send(RedriveOutcome.resolved(redrive, service, clock.instant()).toRecord()));
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    try {
      kafka.send(record).join();
    } catch (CompletionException e) {
      throw new IllegalStateException(
          "Kafka did not acknowledge a record of " + record.topic() + "; nothing is committed", e);
    }
  }
}
