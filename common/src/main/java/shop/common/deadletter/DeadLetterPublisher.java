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
 * Publishes dead letters and the outcomes of redrives, and returns after the broker has
 * acknowledged them. If a method throws, the caller must not commit the message's offset.
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
   * Sends a record to the dead letters.
   *
   * @param attempts how often processing was attempted, at least 1
   */
  public void sendToDeadLetters(
      String group, ConsumerRecord<byte[], byte[]> record, Throwable failure, int attempts) {
    publish(DeadLetter.of(service, group, record, Cause.of(failure, attempts), clock.instant()));
  }

  /** Publishes a dead letter, such as one of a message that was not read from a topic. */
  public void publish(DeadLetter letter) {
    log.warn(
        "Sending {} to the dead letters after {} attempts; failed at {}: {}",
        letter.id(),
        letter.cause().attempts(),
        letter.cause().place(),
        letter.cause().exception());
    send(letter.toRecord());
  }

  /** Reports that a redriven record was processed; does nothing for any other record. */
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
          "Kafka did not acknowledge a record of topic "
              + record.topic()
              + "; the offset of the original message is not committed",
          e);
    }
  }
}
