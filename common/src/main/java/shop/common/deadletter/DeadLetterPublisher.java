package shop.common.deadletter;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
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
    reportResolved(List.of(headers));
  }

  /** The same for many records, which are sent together. */
  public void reportResolved(Collection<Headers> redriven) {
    sendAll(
        redriven.stream()
            .flatMap(headers -> Redrive.of(headers).stream())
            .map(redrive -> RedriveOutcome.resolved(redrive, service, clock.instant()).toRecord())
            .toList());
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    sendAll(List.of(record));
  }

  private void sendAll(List<ProducerRecord<byte[], byte[]>> records) {
    try {
      // All are sent before the first acknowledgement is awaited.
      records.stream().map(kafka::send).toList().forEach(CompletableFuture::join);
    } catch (CompletionException | KafkaException e) {
      // Spring throws KafkaException if a send fails immediately, for example without a leader.
      throw new IllegalStateException(
          "Kafka did not acknowledge a record of topic "
              + records.getFirst().topic()
              + "; the offset of the original message is not committed",
          e);
    }
  }
}
