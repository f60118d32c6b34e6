package shop.operations.redrive;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.event.MalformedEvent;
import shop.common.json.MalformedJson;
import shop.common.kafka.TopicFollower;
import shop.operations.Action.DiscardRequested;
import shop.operations.Action.EditRequested;
import shop.operations.Action.RetryRequested;
import shop.operations.Action.Sending;
import shop.operations.DeskEntry;
import shop.operations.OperationsApplication;
import shop.operations.OperationsSettings;
import shop.operations.RecordPosition;
import shop.operations.desk.Actions;
import shop.operations.desk.Desk;
import shop.operations.desk.DeskRecord;
import shop.operations.desk.LogReader;

/**
 * Sends what was decided to be sent. Each partition of actions has one redriver, whose redrives and
 * position are committed in one transaction.
 */
@Component
final class Redriver {

  private static final Logger log = LoggerFactory.getLogger(Redriver.class);
  private static final Duration BEHIND = Duration.ofSeconds(5);
  private static final int TRIES_TO_FIND_AN_ENTRY = 10;

  /** Messages whose bytes are held at once; each may have a megabyte. */
  private static final int AT_ONCE = 50;

  private final Desk desk;
  private final TopicFollower follower;
  private final LogReader letters;
  private final RedriveProducer producer;
  private final Clock clock;
  private final Duration patience;

  Redriver(
      Desk desk,
      TopicFollower follower,
      LogReader redriveReader,
      RedriveProducer producer,
      OperationsSettings settings,
      Clock clock) {
    this.desk = desk;
    this.follower = follower;
    this.letters = redriveReader;
    this.producer = producer;
    this.clock = clock;
    this.patience = settings.redriveRetry().multipliedBy(TRIES_TO_FIND_AN_ENTRY);
  }

  /** What is to be sent, decided by an action. */
  private record Order(DeskEntry entry, Sending decision, ConsumerRecord<byte[], byte[]> action) {}

  @KafkaListener(
      id = "redriver",
      groupId = OperationsApplication.NAME,
      topics = "dead-letter-actions",
      containerFactory = "redriverContainers")
  void on(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
    follower.awaitCaughtUp();
    List<Order> orders = new ArrayList<>();
    for (var record : records) {
      try {
        order(record).ifPresent(orders::add);
      } catch (MalformedEvent | MalformedJson | UnknownEntry e) {
        giveUp(record, e);
      }
    }
    for (int i = 0; i < orders.size(); i += AT_ONCE) {
      sendAll(orders.subList(i, Math.min(orders.size(), i + AT_ONCE)));
    }
  }

  private Optional<Order> order(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    var told = Actions.read(record);
    return told.isPresent()
            && told.get() instanceof DeskRecord.OnEntry(var id, Sending decision, var _)
            && hasWon(id, decision, record)
        ? Optional.of(new Order(entry(id, record), decision, record))
        : Optional.empty();
  }

  private boolean hasWon(String id, Sending decision, ConsumerRecord<?, ?> record)
      throws InterruptedException {
    var partition = new TopicPartition(record.topic(), record.partition());
    if (!follower.awaitRead(partition, record.offset(), BEHIND)) {
      throw new IllegalStateException("The desk is behind the redriver; it will be tried again");
    }
    var life = desk.lifeOf(id);
    return life.stepAt(record.offset()).filter(step -> step.counted()).isPresent()
        && life.awaits(decision.attempt());
  }

  /** An entry that is only just written may not be read yet. */
  private DeskEntry entry(String id, ConsumerRecord<?, ?> record) {
    Optional<DeskEntry> entry = desk.find(id);
    if (entry.isEmpty() && clock.millis() < record.timestamp() + patience.toMillis()) {
      throw new IllegalStateException("The desk has not read " + id + "; it will be tried again");
    }
    if (entry.isPresent() && !Destinations.takesBack(entry.get().letter())) {
      throw new MalformedEvent(Destinations.remedy(entry.get().letter()));
    }
    return entry.orElseThrow(() -> new UnknownEntry(id));
  }

  private void giveUp(ConsumerRecord<byte[], byte[]> record, RuntimeException e) {
    var cause = Cause.of(e, 1);
    log.warn("No action: {}-{}@{}: {}", record.topic(), record.partition(), record.offset(), cause);
    producer.send(
        DeadLetter.of(
                OperationsApplication.NAME,
                OperationsApplication.NAME,
                record,
                cause,
                clock.instant())
            .toRecord());
  }

  private void sendAll(List<Order> orders) {
    Map<RecordPosition, DeadLetter> originals = new HashMap<>();
    letters.letters(
        orders.stream().map(order -> order.entry().letter().place()).distinct().toList(),
        originals::put);
    orders.forEach(order -> send(order, originals));
  }

  private void send(Order order, Map<RecordPosition, DeadLetter> originals) {
    var letter = order.entry().letter();
    var original = originals.get(letter.place());
    if (original == null) {
      throw new IllegalStateException("The bytes of " + letter.id() + " were not read");
    }
    var redrive = original.redriven(order.decision().attempt());
    producer.send(
        switch (order.decision()) {
          case RetryRequested _ -> redrive;
          case EditRequested _ -> edited(redrive, Actions.editedBody(order.action()));
          case DiscardRequested _ -> {
            Redrive.markSettlement(redrive.headers());
            yield redrive;
          }
        });
    log.info(
        "Sent {} to {}, attempt {}, {} by {}",
        letter.id(),
        letter.service(),
        order.decision().attempt(),
        order.decision().what(),
        order.decision().by());
  }

  private static ProducerRecord<byte[], byte[]> edited(
      ProducerRecord<byte[], byte[]> redrive, byte[] body) {
    return new ProducerRecord<>(
        redrive.topic(), null, null, redrive.key(), body, redrive.headers());
  }

  /** An action on an entry that does not exist. */
  static final class UnknownEntry extends RuntimeException {
    UnknownEntry(String id) {
      super("There is no dead letter " + id);
    }
  }
}
