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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import shop.common.database.DatabaseFollower;
import shop.common.deadletter.Cause;
import shop.common.deadletter.DeadLetter;
import shop.common.deadletter.Redrive;
import shop.common.event.MalformedEvent;
import shop.operations.Action.DiscardRequested;
import shop.operations.Action.EditRequested;
import shop.operations.Action.RedriveDecision;
import shop.operations.Action.RetryRequested;
import shop.operations.DeadLetterSummary;
import shop.operations.EntryHistory;
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
  private final DatabaseFollower follower;
  private final LogReader reader;
  private final RedriveProducer producer;
  private final Clock clock;
  private final Duration entryTimeout;

  Redriver(
      Desk desk,
      DatabaseFollower follower,
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

  /** A decision to redrive a message, with its record. */
  private record Request(
      String entry, RedriveDecision decision, ConsumerRecord<byte[], byte[]> action) {}

  /** A redrive to send. */
  private record Dispatch(DeadLetterSummary letter, Request request) {}

  @KafkaListener(
      id = "redriver",
      groupId = OperationsApplication.NAME,
      topics = "dead-letter-actions",
      containerFactory = "redriverContainers")
  void on(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
    List<Request> requests = new ArrayList<>();
    for (var record : records) {
      try {
        request(record).ifPresent(requests::add);
      } catch (RuntimeException e) {
        sendToDeadLetters(record, e);
      }
    }
    List<Dispatch> dispatches = dispatches(requests);
    for (int i = 0; i < dispatches.size(); i += MAX_MESSAGES_IN_MEMORY) {
      sendAll(dispatches.subList(i, Math.min(dispatches.size(), i + MAX_MESSAGES_IN_MEMORY)));
    }
  }

  private static Optional<Request> request(ConsumerRecord<byte[], byte[]> record) {
    return Actions.parse(record)
        .flatMap(parsed ->
            parsed instanceof DeskRecord.EntryAction(var id, RedriveDecision decision, var _)
                ? Optional.of(new Request(id, decision, record))
                : Optional.empty());
  }

  /**
   * The redrives of decisions that counted and whose outcomes have not been reported yet.
   *
   * @throws RuntimeException if the desk has not read enough, or the database is unavailable: the
   *     batch is retried
   */
  private List<Dispatch> dispatches(List<Request> requests) throws InterruptedException {
    awaitDesk(requests);
    var ids = requests.stream().map(Request::entry).distinct().toList();
    var histories = desk.histories(ids);
    var letters = desk.letters(ids);
    List<Dispatch> dispatches = new ArrayList<>();
    for (var request : requests) {
      if (isPending(request, Desk.history(histories, request.entry()))) {
        try {
          dispatches.add(new Dispatch(letter(letters, request), request));
        } catch (MalformedEvent | UnknownEntry e) {
          sendToDeadLetters(request.action(), e);
        }
      }
    }
    return dispatches;
  }

  private void awaitDesk(List<Request> requests) throws InterruptedException {
    Map<TopicPartition, Long> last = new HashMap<>();
    for (var request : requests) {
      var action = request.action();
      last.merge(
          new TopicPartition(action.topic(), action.partition()), action.offset(), Math::max);
    }
    for (var position : last.entrySet()) {
      if (!follower.awaitApplied(position.getKey(), position.getValue(), DESK_TIMEOUT)) {
        throw new IllegalStateException(
            "The desk has not read " + position + " yet; the batch is retried");
      }
    }
  }

  /** True if the decision counted and the outcome of its redrive has not been reported yet. */
  private static boolean isPending(Request request, EntryHistory history) {
    var step =
        history
            .stepAt(request.action().offset())
            .orElseThrow(() ->
                new IllegalStateException(
                    "The database was restored from an older copy; the batch is retried"));
    return step.counted() && history.awaits(request.decision().attempt());
  }

  /** The desk may not have read a new entry yet; until the timeout the batch is retried. */
  private DeadLetterSummary letter(Map<String, DeadLetterSummary> letters, Request request) {
    @Nullable DeadLetterSummary letter = letters.get(request.entry());
    if (letter == null) {
      if (clock.millis() < request.action().timestamp() + entryTimeout.toMillis()) {
        throw new IllegalStateException(
            "The desk has not read the dead letter "
                + request.entry()
                + " yet; the batch is retried");
      }
      throw new UnknownEntry(request.entry());
    }
    if (!Destinations.acceptsRedrives(letter)) {
      throw new MalformedEvent(Destinations.remedy(letter));
    }
    return letter;
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
        dispatches.stream().map(dispatch -> dispatch.letter().recordPosition()).distinct().toList(),
        originals::put);
    dispatches.forEach(dispatch -> send(dispatch, originals));
  }

  private void send(Dispatch dispatch, Map<RecordPosition, DeadLetter> originals) {
    var letter = dispatch.letter();
    var decision = dispatch.request().decision();
    var original = originals.get(letter.recordPosition());
    if (original == null) {
      throw new IllegalStateException("The message of " + letter.id() + " was not read");
    }
    var redrive = original.redriven(decision.attempt());
    producer.send(
        switch (decision) {
          case RetryRequested _ -> redrive;
          case EditRequested _ ->
              withBody(redrive, Actions.editedBody(dispatch.request().action()));
          case DiscardRequested _ -> {
            Redrive.markSettlement(redrive.headers());
            yield redrive;
          }
        });
    log.info(
        "Sent redrive {} of dead letter {} to {}: {} by admin {}",
        decision.attempt(),
        letter.id(),
        letter.service(),
        decision.label(),
        decision.by());
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
