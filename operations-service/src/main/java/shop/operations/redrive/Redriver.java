package shop.operations.redrive;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.kafka.TopicFollower;
import shop.operations.Action.RetryRequested;
import shop.operations.Entry;
import shop.operations.OperationsApplication;
import shop.operations.desk.Actions;
import shop.operations.desk.Actions.Told;
import shop.operations.desk.Desk;
import shop.operations.desk.LetterLog;

/**
 * Sends back what was decided to be sent back. Each partition of actions has one redriver, which
 * commits after the redrive is acknowledged: a crash in between sends the same (entry, attempt)
 * again, unless its outcome is already in the log.
 */
@Component
final class Redriver {

  private static final Logger log = LoggerFactory.getLogger(Redriver.class);
  private static final Duration BEHIND = Duration.ofSeconds(5);

  private final Desk desk;
  private final TopicFollower follower;
  private final LetterLog letters;
  private final KafkaTemplate<byte[], byte[]> kafka;

  Redriver(
      Desk desk, TopicFollower follower, LetterLog letters, KafkaTemplate<byte[], byte[]> kafka) {
    this.desk = desk;
    this.follower = follower;
    this.letters = letters;
    this.kafka = kafka;
  }

  @KafkaListener(
      id = "redriver",
      groupId = OperationsApplication.NAME,
      topics = "dead-letter-actions",
      containerFactory = "redriverContainers")
  void on(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    var told = Actions.read(record);
    if (told.isPresent() && told.get().action() instanceof RetryRequested request) {
      try (var _ = Envelope.of(record.headers()).trace().open()) {
        onRequest(told.get(), request, record);
      }
    }
  }

  private void onRequest(Told told, RetryRequested request, ConsumerRecord<?, ?> record)
      throws InterruptedException {
    var partition = new TopicPartition(record.topic(), record.partition());
    if (!follower.awaitRead(partition, record.offset(), BEHIND)) {
      throw new IllegalStateException("The desk is behind the redriver; it will be tried again");
    }
    var life = desk.lifeOf(told.entry());
    boolean won = life.stepAt(record.offset()).filter(step -> step.counted()).isPresent();
    if (won && life.awaits(request.attempt())) {
      Entry entry = desk.find(told.entry()).orElseThrow(() -> new UnknownEntry(told.entry()));
      send(entry, request);
    }
  }

  private void send(Entry entry, RetryRequested request) {
    if (!Retries.canGoBack(entry)) {
      throw new MalformedEvent(entry.letter().service() + " takes no messages back");
    }
    var letter = letters.read(entry.letter().place());
    try {
      kafka.send(letter.redriven(request.attempt())).join();
    } catch (CompletionException e) {
      throw new IllegalStateException("Kafka did not acknowledge a redrive; it is tried again", e);
    }
    log.info(
        "Sent {} back to {}, attempt {}, as {} decided",
        letter.id(),
        letter.service(),
        request.attempt(),
        request.by());
  }

  /** An action on an entry that the desk has not read, or that does not exist. */
  static final class UnknownEntry extends RuntimeException {
    UnknownEntry(String id) {
      super("There is no dead letter " + id);
    }
  }
}
