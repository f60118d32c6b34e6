package shop.operations.redrive;

import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;
import org.springframework.stereotype.Component;
import shop.common.database.DatabaseFollower;
import shop.common.event.Envelope;
import shop.common.kafka.Topics;
import shop.operations.Action.DiscardRequested;
import shop.operations.Action.Discarded;
import shop.operations.Action.EditRequested;
import shop.operations.Action.Reopened;
import shop.operations.Action.RetryRequested;
import shop.operations.DeskEntry;
import shop.operations.EntryHistory;
import shop.operations.OperationsApplication;
import shop.operations.OperationsSettings;
import shop.operations.desk.Desk;
import shop.operations.desk.EntryVersion;

/**
 * Appends admins' decisions to the log and reads back whether they took effect: the first decision
 * on a version in the log wins.
 */
@Component
public final class Decisions {

  private static final Logger log = LoggerFactory.getLogger(Decisions.class);

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final DatabaseFollower follower;
  private final Desk desk;
  private final OperationsSettings settings;
  private final Clock clock;

  Decisions(
      KafkaTemplate<byte[], byte[]> kafka,
      DatabaseFollower follower,
      Desk desk,
      OperationsSettings settings,
      Clock clock) {
    this.kafka = kafka;
    this.follower = follower;
    this.desk = desk;
    this.settings = settings;
    this.clock = clock;
  }

  /** The result of submitting a decision, as read back from the log. */
  public sealed interface SubmitResult {

    /** The decision took effect; the history right after it. */
    record Accepted(EntryHistory history) implements SubmitResult {}

    /** Another action was first; the current history. */
    record Refused(EntryHistory history) implements SubmitResult {}

    /** The decision was not read back in time; it may take effect later. */
    record Unconfirmed() implements SubmitResult {}
  }

  /** The admin who decides, and the reason. */
  public record Author(UUID admin, @Nullable String reason) {}

  /** Redrives the original message of an entry. */
  public SubmitResult retry(DeskEntry seen, Author author) throws InterruptedException {
    return await(seen, append(retryRequest(version(seen), author, null)));
  }

  /** Redrives an entry's message with another body. */
  public SubmitResult edit(DeskEntry seen, byte[] body, Author author) throws InterruptedException {
    var data =
        new EditData(
            seen.history().version(), nextAttempt(seen), author.admin(), author.reason(), body);
    return await(seen, append(record(seen, EditRequested.TYPE, data)));
  }

  /** Discards an entry; what needs settlement is settled by its service first. */
  public SubmitResult discard(DeskEntry seen, UUID admin, String reason)
      throws InterruptedException {
    int version = seen.history().version();
    return await(
        seen,
        append(
            Destinations.requiresSettlement(seen.letter())
                ? record(
                    seen,
                    DiscardRequested.TYPE,
                    new DiscardRequested(version, nextAttempt(seen), admin, reason))
                : record(seen, Discarded.TYPE, new Discarded(version, admin, reason))));
  }

  /** Lets a pending entry wait for a decision again. */
  public SubmitResult reopen(DeskEntry seen, Author author) throws InterruptedException {
    var data = new Reopened(seen.history().version(), author.admin(), author.reason());
    return await(seen, append(record(seen, Reopened.TYPE, data)));
  }

  /**
   * A retry request for the version of an entry that was seen.
   *
   * @param job the bulk retry that requests it, if any
   */
  ProducerRecord<byte[], byte[]> retryRequest(
      EntryVersion seen, Author author, @Nullable UUID job) {
    return record(
        seen.id(),
        RetryRequested.TYPE,
        new RetryRequested(
            seen.version(), seen.redrives() + 1, author.admin(), author.reason(), job));
  }

  private static EntryVersion version(DeskEntry seen) {
    return new EntryVersion(
        seen.letter().id(),
        seen.letter().service(),
        seen.history().version(),
        seen.history().redrives());
  }

  /** Appends a record; an exception of the send becomes a failed future. */
  CompletableFuture<SendResult<byte[], byte[]>> append(ProducerRecord<byte[], byte[]> record) {
    try {
      return kafka.send(record);
    } catch (KafkaException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Waits until the desk has a record of {@code dead-letter-actions}; false on timeout, or if the
   * database does not answer.
   */
  boolean awaitApplied(RecordMetadata appended) throws InterruptedException {
    try {
      return follower.awaitApplied(
          new TopicPartition(appended.topic(), appended.partition()),
          appended.offset(),
          settings.decisionTimeout());
    } catch (DataAccessException e) {
      log.warn("The database does not answer, so it is unknown whether an action took effect", e);
      return false;
    }
  }

  private static int nextAttempt(DeskEntry seen) {
    return seen.history().redrives() + 1;
  }

  private ProducerRecord<byte[], byte[]> record(DeskEntry seen, String type, Object data) {
    return record(seen.letter().id(), type, data);
  }

  private ProducerRecord<byte[], byte[]> record(String entry, String type, Object data) {
    return Envelope.of(type, OperationsApplication.NAME, entry, clock.instant())
        .record(Topics.DEAD_LETTER_ACTIONS.name(), data);
  }

  private SubmitResult await(DeskEntry seen, CompletableFuture<SendResult<byte[], byte[]>> sent)
      throws InterruptedException {
    RecordMetadata appended;
    try {
      appended = sent.get().getRecordMetadata();
    } catch (ExecutionException e) {
      return new SubmitResult.Unconfirmed();
    }
    return awaitApplied(appended)
        ? resultOf(seen.letter().id(), appended)
        : new SubmitResult.Unconfirmed();
  }

  private SubmitResult resultOf(String entry, RecordMetadata appended) {
    EntryHistory history;
    try {
      history = desk.historyOf(entry);
    } catch (DataAccessException e) {
      log.warn("The database does not answer, so it is unknown whether an action took effect", e);
      return new SubmitResult.Unconfirmed();
    }
    return history
        .stepAt(appended.offset())
        .map(step ->
            step.counted()
                ? new SubmitResult.Accepted(history.asOf(appended.offset()))
                : (SubmitResult) new SubmitResult.Refused(history))
        // The database was restored from an older copy.
        .orElseGet(SubmitResult.Unconfirmed::new);
  }

  /** Data of {@link EditRequested}, with the body in base64. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record EditData(
      int version, int attempt, UUID by, @Nullable String reason, byte[] body) {}
}
