package shop.operations.redrive;

import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;
import org.springframework.stereotype.Component;
import shop.common.event.Envelope;
import shop.common.kafka.TopicFollower;
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

/**
 * Appends admins' decisions to the log and reads back whether they took effect: the first decision
 * on a version in the log wins.
 */
@Component
public final class Decisions {

  private final KafkaTemplate<byte[], byte[]> kafka;
  private final TopicFollower follower;
  private final Desk desk;
  private final OperationsSettings settings;
  private final Clock clock;

  Decisions(
      KafkaTemplate<byte[], byte[]> kafka,
      TopicFollower follower,
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
    return await(seen, append(retryRequest(seen, author, null)));
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
  ProducerRecord<byte[], byte[]> retryRequest(DeskEntry seen, Author author, @Nullable UUID job) {
    return record(
        seen,
        RetryRequested.TYPE,
        new RetryRequested(
            seen.history().version(), nextAttempt(seen), author.admin(), author.reason(), job));
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
   * Waits until this instance has read a record of {@code dead-letter-actions}; false on timeout.
   */
  boolean awaitRead(RecordMetadata appended) throws InterruptedException {
    return follower.awaitRead(
        new TopicPartition(appended.topic(), appended.partition()),
        appended.offset(),
        settings.decisionTimeout());
  }

  private static int nextAttempt(DeskEntry seen) {
    return seen.history().redrives() + 1;
  }

  private ProducerRecord<byte[], byte[]> record(DeskEntry seen, String type, Object data) {
    return Envelope.of(type, OperationsApplication.NAME, seen.letter().id(), clock.instant())
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
    if (!awaitRead(appended)) {
      return new SubmitResult.Unconfirmed();
    }
    EntryHistory history = desk.historyOf(seen.letter().id());
    boolean counted = history.stepAt(appended.offset()).orElseThrow().counted();
    return counted
        ? new SubmitResult.Accepted(history.asOf(appended.offset()))
        : new SubmitResult.Refused(history);
  }

  /** Data of {@link EditRequested}, with the body in base64. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record EditData(
      int version, int attempt, UUID by, @Nullable String reason, byte[] body) {}
}
