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

/** Parses records of {@code dead-letter-actions}. */
public final class Actions {

  public static final String BULK_STARTED = "shop.dead-letter.bulk-retry-started.v1";
  public static final String BULK_CANCELLED = "shop.dead-letter.bulk-retry-cancelled.v1";

  private Actions() {}

  /**
   * Parses a record; empty if its type is unknown, such as one of a later version.
   *
   * @throws MalformedEvent if the record is no event or lacks a required field
   * @throws shop.common.json.MalformedJson if the data does not match the event's type
   */
  public static Optional<DeskRecord> parse(ConsumerRecord<byte[], byte[]> record) {
    var event = Envelope.of(record.headers());
    return Optional.ofNullable(
        switch (event.type()) {
          case Action.RetryRequested.TYPE ->
              entryAction(event, data(record, DecisionData.class).retry());
          case Action.EditRequested.TYPE ->
              entryAction(event, data(record, DecisionData.class).edit(position(record)));
          case Action.DiscardRequested.TYPE ->
              entryAction(event, data(record, DecisionData.class).discardRequest());
          case Action.Discarded.TYPE ->
              entryAction(event, data(record, DecisionData.class).discard());
          case Action.Reopened.TYPE ->
              entryAction(event, data(record, DecisionData.class).reopen());
          case RedriveOutcome.RESOLVED ->
              entryAction(
                  event,
                  new Action.Resolved(data(record, OutcomeData.class).attempt(), event.source()));
          case RedriveOutcome.FAILED_AGAIN ->
              entryAction(event, failed(event, data(record, OutcomeData.class)));
          case BULK_STARTED -> started(event, data(record, BulkStartedData.class));
          case BULK_CANCELLED ->
              new DeskRecord.BulkRetryCancelled(
                  bulkRetryId(event),
                  required(data(record, BulkCancelledData.class).by(), "by"),
                  event.time());
          default -> null;
        });
  }

  /** The body that replaces the original in an edit. */
  public static byte[] editedBody(ConsumerRecord<byte[], byte[]> record) {
    return required(data(record, DecisionData.class).body(), "body");
  }

  private static DeskRecord entryAction(Envelope event, Action action) {
    if (!EntryIds.isValid(event.subject())) {
      throw new MalformedEvent("The subject of the action is not the id of an entry");
    }
    return new DeskRecord.EntryAction(event.subject(), action, event.time());
  }

  private static RecordPosition position(ConsumerRecord<?, ?> record) {
    return new RecordPosition(record.partition(), record.offset());
  }

  private static Action failed(Envelope event, OutcomeData data) {
    return new Action.FailedAgain(data.attempt(), event.source(), required(data.cause(), "cause"));
  }

  private static DeskRecord started(Envelope event, BulkStartedData data) {
    return new DeskRecord.BulkRetryStarted(
        bulkRetryId(event),
        new BulkRetry.Plan(
            required(data.by(), "by"),
            data.reason(),
            required(data.filter(), "filter"),
            data.ratePerSecond(),
            data.matched(),
            data.skipped(),
            event.time()));
  }

  private static UUID bulkRetryId(Envelope event) {
    try {
      return UUID.fromString(event.subject());
    } catch (IllegalArgumentException e) {
      throw new MalformedEvent("The id of a bulk retry is not a UUID", e);
    }
  }

  private static <T> T data(ConsumerRecord<byte[], byte[]> record, Class<T> type) {
    return Json.read(required(record.value(), "data"), type);
  }

  private static <T> T required(@Nullable T value, String name) {
    if (value == null) {
      throw new MalformedEvent("The action lacks the field '" + name + "'");
    }
    return value;
  }

  /** Data of every decision about an entry. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record DecisionData(
      int version,
      @Nullable Integer attempt,
      @Nullable UUID by,
      @Nullable String reason,
      @Nullable UUID job,
      byte @Nullable [] body) {

    Action retry() {
      return new Action.RetryRequested(version, requiredAttempt(), requiredAdmin(), reason, job);
    }

    Action edit(RecordPosition position) {
      required(body, "body");
      return new Action.EditRequested(
          version, requiredAttempt(), requiredAdmin(), reason, position);
    }

    Action discardRequest() {
      return new Action.DiscardRequested(
          version, requiredAttempt(), requiredAdmin(), required(reason, "reason"));
    }

    Action discard() {
      return new Action.Discarded(version, requiredAdmin(), required(reason, "reason"));
    }

    Action reopen() {
      return new Action.Reopened(version, requiredAdmin(), reason);
    }

    private int requiredAttempt() {
      return required(attempt, "attempt");
    }

    private UUID requiredAdmin() {
      return required(by, "by");
    }
  }

  /** Data of both outcomes; only a failure has a cause. */
  private record OutcomeData(int attempt, @Nullable Cause cause) {}

  /** Data of {@link #BULK_STARTED}. */
  private record BulkStartedData(
      @Nullable UUID by,
      @Nullable String reason,
      @Nullable Map<String, String> filter,
      int ratePerSecond,
      int matched,
      int skipped) {}

  /** Data of {@link #BULK_CANCELLED}. */
  private record BulkCancelledData(@Nullable UUID by) {}
}
