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
import shop.operations.Action.RetryRequested;
import shop.operations.DeskEntry;
import shop.operations.EntryHistory;
import shop.operations.OperationsApplication;
import shop.operations.OperationsSettings;
import shop.operations.desk.Desk;

/** Decides what becomes of dead letters: the first decision on a version in the log wins. */
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

  /** What a decision came to, as the log says. */
  public sealed interface Verdict {

    /** It won; the life right after it. */
    record Won(EntryHistory life) implements Verdict {}

    /** Another action came first; the life as it is. */
    record Lost(EntryHistory life) implements Verdict {}

    /** The log could not be asked in time; the entry will show. */
    record Unknown() implements Verdict {}
  }

  /** Who decides, and why. */
  public record Author(UUID by, @Nullable String reason) {}

  /** Sends an entry back as it was. */
  public Verdict retry(DeskEntry seen, Author author) throws InterruptedException {
    return await(seen, append(retryOf(seen, author, null)));
  }

  /** Sends an entry back with another body. */
  public Verdict edit(DeskEntry seen, byte[] body, Author author) throws InterruptedException {
    var data = new EditData(seen.life().version(), next(seen), author.by(), author.reason(), body);
    return await(seen, append(record(seen, EditRequested.TYPE, data)));
  }

  /** Discards an entry; a payment is settled first. */
  public Verdict discard(DeskEntry seen, UUID by, String reason) throws InterruptedException {
    int version = seen.life().version();
    return await(
        seen,
        append(
            Destinations.settles(seen.letter())
                ? record(
                    seen,
                    DiscardRequested.TYPE,
                    new DiscardRequested(version, next(seen), by, reason))
                : record(seen, Discarded.TYPE, new Discarded(version, by, reason))));
  }

  /** A request for an entry as it was seen, by a bulk retry or by hand. */
  ProducerRecord<byte[], byte[]> retryOf(DeskEntry seen, Author author, @Nullable UUID job) {
    return record(
        seen,
        RetryRequested.TYPE,
        new RetryRequested(seen.life().version(), next(seen), author.by(), author.reason(), job));
  }

  /** Appends a record; what cannot even be tried fails the same way. */
  CompletableFuture<SendResult<byte[], byte[]>> append(ProducerRecord<byte[], byte[]> record) {
    try {
      return kafka.send(record);
    } catch (KafkaException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** True once this instance has read a record of {@code dead-letter-actions}. */
  boolean awaitRead(RecordMetadata appended) throws InterruptedException {
    return follower.awaitRead(
        new TopicPartition(appended.topic(), appended.partition()),
        appended.offset(),
        settings.decisionTimeout());
  }

  private static int next(DeskEntry seen) {
    return seen.life().redrives() + 1;
  }

  private ProducerRecord<byte[], byte[]> record(DeskEntry seen, String type, Object data) {
    return Envelope.of(type, OperationsApplication.NAME, seen.letter().id(), clock.instant())
        .record(Topics.DEAD_LETTER_ACTIONS.name(), data);
  }

  private Verdict await(DeskEntry seen, CompletableFuture<SendResult<byte[], byte[]>> sent)
      throws InterruptedException {
    RecordMetadata appended;
    try {
      appended = sent.get().getRecordMetadata();
    } catch (ExecutionException e) {
      return new Verdict.Unknown();
    }
    if (!awaitRead(appended)) {
      return new Verdict.Unknown();
    }
    EntryHistory life = desk.lifeOf(seen.letter().id());
    boolean won = life.stepAt(appended.offset()).orElseThrow().counted();
    return won ? new Verdict.Won(life.asOf(appended.offset())) : new Verdict.Lost(life);
  }

  /** Data of {@link EditRequested}, with the body in base64. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are bytes; nothing compares it
  private record EditData(
      int version, int attempt, UUID by, @Nullable String reason, byte[] body) {}
}
