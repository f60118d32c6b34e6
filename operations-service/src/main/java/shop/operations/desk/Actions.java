package shop.operations.desk;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import shop.common.deadletter.Cause;
import shop.common.deadletter.RedriveOutcome;
import shop.common.event.Envelope;
import shop.common.event.MalformedEvent;
import shop.common.json.Json;
import shop.operations.Action;
import shop.operations.BulkRetry;
import shop.operations.RecordPosition;

/** Reads records of {@code dead-letter-actions}. */
public final class Actions {

  public static final String BULK_STARTED = "shop.dead-letter.bulk-retry-started.v1";
  public static final String BULK_CANCELLED = "shop.dead-letter.bulk-retry-cancelled.v1";

  private Actions() {}

  /**
   * What a record says; empty for types of later versions.
   *
   * @throws MalformedEvent if it is no event, or lacks something
   * @throws shop.common.json.MalformedJson if its data is not what its type says
   */
  public static Optional<DeskRecord> read(ConsumerRecord<byte[], byte[]> record) {
    var event = Envelope.of(record.headers());
    return Optional.ofNullable(
        switch (event.type()) {
          case Action.RetryRequested.TYPE -> on(event, data(record, Decided.class).retry());
          case Action.EditRequested.TYPE ->
              on(event, data(record, Decided.class).edit(place(record)));
          case Action.DiscardRequested.TYPE ->
              on(event, data(record, Decided.class).discardRequest());
          case Action.Discarded.TYPE -> on(event, data(record, Decided.class).discard());
          case RedriveOutcome.RESOLVED ->
              on(event, new Action.Resolved(data(record, Outcome.class).attempt(), event.source()));
          case RedriveOutcome.FAILED_AGAIN -> on(event, failed(event, data(record, Outcome.class)));
          case BULK_STARTED -> started(event, data(record, Started.class));
          case BULK_CANCELLED ->
              new DeskRecord.JobCancelled(
                  job(event), required(data(record, Cancelled.class).by(), "by"), event.time());
          default -> null;
        });
  }

  /** The bytes that an edit puts in the place of the original's. */
  public static byte[] editedBody(ConsumerRecord<byte[], byte[]> record) {
    return required(data(record, Decided.class).body(), "body");
  }

  private static DeskRecord on(Envelope event, Action action) {
    return new DeskRecord.OnEntry(event.subject(), action, event.time());
  }

  private static RecordPosition place(ConsumerRecord<?, ?> record) {
    return new RecordPosition(record.partition(), record.offset());
  }

  private static Action failed(Envelope event, Outcome data) {
    return new Action.FailedAgain(data.attempt(), event.source(), required(data.cause(), "cause"));
  }

  private static DeskRecord started(Envelope event, Started data) {
    return new DeskRecord.JobStarted(
        job(event),
        new BulkRetry.Plan(
            required(data.by(), "by"),
            data.reason(),
            required(data.filter(), "filter"),
            data.ratePerSecond(),
            data.matched(),
            data.skipped(),
            event.time()));
  }

  private static UUID job(Envelope event) {
    try {
      return UUID.fromString(event.subject());
    } catch (IllegalArgumentException e) {
      throw new MalformedEvent("A bulk retry's id is no UUID", e);
    }
  }

  private static <T> T data(ConsumerRecord<byte[], byte[]> record, Class<T> type) {
    return Json.read(required(record.value(), "data"), type);
  }

  private static <T> T required(@Nullable T value, String name) {
    if (value == null) {
      throw new MalformedEvent("The action lacks '" + name + "'");
    }
    return value;
  }

  /** Data of all decisions on entries. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are bytes; nothing compares it
  private record Decided(
      int version,
      @Nullable Integer attempt,
      @Nullable UUID by,
      @Nullable String reason,
      @Nullable UUID job,
      byte @Nullable [] body) {

    Action retry() {
      return new Action.RetryRequested(version, sending(), admin(), reason, job);
    }

    Action edit(RecordPosition place) {
      required(body, "body");
      return new Action.EditRequested(version, sending(), admin(), reason, place);
    }

    Action discardRequest() {
      return new Action.DiscardRequested(version, sending(), admin(), required(reason, "reason"));
    }

    Action discard() {
      return new Action.Discarded(version, admin(), required(reason, "reason"));
    }

    private int sending() {
      return required(attempt, "attempt");
    }

    private UUID admin() {
      return required(by, "by");
    }
  }

  /** Data of both outcomes; the cause is that of a failure. */
  private record Outcome(int attempt, @Nullable Cause cause) {}

  /** Data of {@link #BULK_STARTED}. */
  private record Started(
      @Nullable UUID by,
      @Nullable String reason,
      @Nullable Map<String, String> filter,
      int ratePerSecond,
      int matched,
      int skipped) {}

  /** Data of {@link #BULK_CANCELLED}. */
  private record Cancelled(@Nullable UUID by) {}
}
