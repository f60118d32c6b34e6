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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.event.MalformedEvent;
import shop.common.kafka.TopicFollower;
import shop.operations.Action.DiscardRequested;
import shop.operations.Action.EditRequested;
import shop.operations.Action.RedriveDecision;
import shop.operations.Action.RetryRequested;
import shop.operations.DeskEntry;
import shop.operations.OperationsApplication;
import shop.operations.OperationsSettings;
import shop.operations.RecordPosition;
import shop.operations.desk.Actions;
import shop.operations.desk.Desk;
import shop.operations.desk.DeskRecord;
import shop.operations.desk.LogReader;

/**
 * Consumes {@code dead-letter-actions} and sends the redrives that were decided. One transaction
 * commits the redrives of a batch together with its offsets.
 */
@Component
final class Redriver {

  private static final Logger log = LoggerFactory.getLogger(Redriver.class);

  /** How long the desk may take to read an action that the redriver has consumed. */
  private static final Duration DESK_TIMEOUT = Duration.ofSeconds(5);

  /** Attempts to find the entry of an action before the action is dead-lettered. */
  private static final int ENTRY_LOOKUP_ATTEMPTS = 10;

  /** Messages that are held in memory together; each may have a megabyte. */
  private static final int MAX_MESSAGES_IN_MEMORY = 50;

  private final Desk desk;
  private final TopicFollower follower;
  private final LogReader reader;
  private final RedriveProducer producer;
  private final Clock clock;
  private final Duration entryTimeout;

  Redriver(
      Desk desk,
      TopicFollower follower,
      LogReader redriveReader,
      RedriveProducer producer,
      OperationsSettings settings,
      Clock clock) {
    this.desk = desk;
    this.follower = follower;
    this.reader = redriveReader;
    this.producer = producer;
    this.clock = clock;
    this.entryTimeout = settings.redriveRetry().multipliedBy(ENTRY_LOOKUP_ATTEMPTS);
  }

  /** A redrive to send, with the record of the action that decided it. */
  private record Dispatch(
      DeskEntry entry, RedriveDecision decision, ConsumerRecord<byte[], byte[]> action) {}

  @KafkaListener(
      id = "redriver",
      groupId = OperationsApplication.NAME,
      topics = "dead-letter-actions",
      containerFactory = "redriverContainers")
  void on(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
    follower.awaitCaughtUp();
    List<Dispatch> dispatches = new ArrayList<>();
    for (var record : records) {
      try {
        dispatch(record).ifPresent(dispatches::add);
      } catch (IllegalStateException | KafkaException e) {
        // The desk has not read enough, or a broker is unavailable: the batch is retried.
        throw e;
      } catch (RuntimeException e) {
        sendToDeadLetters(record, e);
      }
    }
    for (int i = 0; i < dispatches.size(); i += MAX_MESSAGES_IN_MEMORY) {
      sendAll(dispatches.subList(i, Math.min(dispatches.size(), i + MAX_MESSAGES_IN_MEMORY)));
    }
  }

  private Optional<Dispatch> dispatch(ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    var parsed = Actions.parse(record);
    return parsed.isPresent()
            && parsed.get()
                instanceof DeskRecord.EntryAction(var id, RedriveDecision decision, var _)
            && isPending(id, decision, record)
        ? Optional.of(new Dispatch(entry(id, record), decision, record))
        : Optional.empty();
  }

  /** True if the decision counted and the outcome of its redrive has not been reported yet. */
  private boolean isPending(String id, RedriveDecision decision, ConsumerRecord<?, ?> record)
      throws InterruptedException {
    var partition = new TopicPartition(record.topic(), record.partition());
    if (!follower.awaitRead(partition, record.offset(), DESK_TIMEOUT)) {
      throw new IllegalStateException(
          "The desk has not read an action about " + id + " yet; the batch is retried");
    }
    var history = desk.historyOf(id);
    return history.stepAt(record.offset()).filter(step -> step.counted()).isPresent()
        && history.awaits(decision.attempt());
  }

  /** The desk may not have read a new entry yet; until the timeout the batch is retried. */
  private DeskEntry entry(String id, ConsumerRecord<?, ?> record) {
    Optional<DeskEntry> entry = desk.find(id);
    if (entry.isEmpty() && clock.millis() < record.timestamp() + entryTimeout.toMillis()) {
      throw new IllegalStateException(
          "The desk has not read the dead letter " + id + " yet; the batch is retried");
    }
    if (entry.isPresent() && !Destinations.acceptsRedrives(entry.get().letter())) {
      throw new MalformedEvent(Destinations.remedy(entry.get().letter()));
    }
    return entry.orElseThrow(() -> new UnknownEntry(id));
  }

  private void sendToDeadLetters(ConsumerRecord<byte[], byte[]> record, RuntimeException e) {
    var cause = Cause.of(e, 1);
    log.warn(
        "Dead-lettering the invalid action {}-{}@{}: {}",
        record.topic(),
        record.partition(),
        record.offset(),
        cause);
    producer.send(
        DeadLetter.of(
                OperationsApplication.NAME,
                OperationsApplication.NAME,
                record,
                cause,
                clock.instant())
            .toRecord());
  }

  private void sendAll(List<Dispatch> dispatches) {
    Map<RecordPosition, DeadLetter> originals = new HashMap<>();
    reader.deadLetters(
        dispatches.stream()
            .map(dispatch -> dispatch.entry().letter().recordPosition())
            .distinct()
            .toList(),
        originals::put);
    dispatches.forEach(dispatch -> send(dispatch, originals));
  }

  private void send(Dispatch dispatch, Map<RecordPosition, DeadLetter> originals) {
    var letter = dispatch.entry().letter();
    var original = originals.get(letter.recordPosition());
    if (original == null) {
      throw new IllegalStateException("The message of " + letter.id() + " was not read");
    }
    var redrive = original.redriven(dispatch.decision().attempt());
    producer.send(
        switch (dispatch.decision()) {
          case RetryRequested _ -> redrive;
          case EditRequested _ -> withBody(redrive, Actions.editedBody(dispatch.action()));
          case DiscardRequested _ -> {
            Redrive.markSettlement(redrive.headers());
            yield redrive;
          }
        });
    log.info(
        "Sent redrive {} of dead letter {} to {}: {} by admin {}",
        dispatch.decision().attempt(),
        letter.id(),
        letter.service(),
        dispatch.decision().label(),
        dispatch.decision().by());
  }

  private static ProducerRecord<byte[], byte[]> withBody(
      ProducerRecord<byte[], byte[]> redrive, byte[] body) {
    return new ProducerRecord<>(
        redrive.topic(), null, null, redrive.key(), body, redrive.headers());
  }

  /** An action about an entry that does not exist. */
  static final class UnknownEntry extends RuntimeException {
    UnknownEntry(String id) {
      super("There is no dead letter " + id);
    }
  }
}
